"""Reads a source in a process of its own, whose end is an error like any other.

LMDB trusts what is in a file: a damaged page ends the process that reads it. A Parquet file of kilobytes may unpack to
more memory than there is. So both are read by `python -m captcha_ocr.fetch.isolated`, in bounded memory. It answers in
JSON and bytes, and nothing that it says is run.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.containers.files import MEGABYTE
from captcha_ocr.fetch.layouts import layout
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import FetchParams, TextParams

ISOLATED = frozenset({"lmdb", "parquet"})  # layouts whose libraries are not written in Python
ONE_THREAD = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}  # address space that is only reserved
SECONDS = 300
ROOM = 2500 * MEGABYTE  # address space beside the pictures: of libraries, and of a mapped store


class _Reader:
    """The process, and what is asked of it. It ends with this object."""

    def __init__(self, source: Path, fetch: FetchParams, text: TextParams) -> None:
        self.source = source
        command = [sys.executable, "-P", "-m", "captcha_ocr.fetch.isolated", str(source)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | ONE_THREAD
        )
        self._send({"fetch": fetch.model_dump(mode="json"), "text": text.model_dump(mode="json")})

    def _send(self, value: Any) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # `_receive` tells why
            self.process.stdin.write(json.dumps(value).encode() + b"\n")
            self.process.stdin.flush()

    def _receive(self) -> Any:
        """The next answer; raises CaptchaOcrError if it is one, and if the process has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self._ended()
        value = json.loads(line)
        if "error" in value:
            raise CaptchaOcrError(value["error"])
        return value

    def _ended(self) -> CaptchaOcrError:
        return CaptchaOcrError(
            f"{self.source} ended the process that read it (code {self.process.wait()}): it is damaged, or unpacks to "
            "more than fetch.max_unpacked_mb: fetch or write it again"
        )

    def entries(self) -> Iterator[Entry]:
        """All labelled pictures of the source."""
        number = 0
        while (value := self._receive()) != {}:
            yield Entry(value["file"], value["text"], value["split"], partial(self.read, number))
            number += 1

    def read(self, number: int) -> bytes:
        """The bytes of the picture of a number."""
        self._send({"number": number})
        size = self._receive()["size"]
        assert self.process.stdout is not None
        content = self.process.stdout.read(size)
        if len(content) != size:
            raise self._ended()
        return content

    def __del__(self) -> None:
        self.process.kill()
        self.process.wait()


def isolated_entries(source: Path, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As the `entries` of the layout `fetch.layout`, for a source that has yet to be opened; raises as they do."""
    return _Reader(source, fetch, text).entries()


def _limit(fetch: FetchParams) -> None:
    """Bounds memory and computing time: a store whose pages lead in a circle has no end."""
    seconds = SECONDS + fetch.max_pictures // 100
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    most = ROOM + 4 * int(fetch.max_unpacked_mb * MEGABYTE)
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(source: Path, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Writes all entries, and then the picture of each number that is asked for."""

    def say(value: Any) -> None:
        answers.write(json.dumps(value).encode() + b"\n")

    asked = json.loads(questions.readline())
    fetch, text = FetchParams.model_construct(**asked["fetch"]), TextParams.model_construct(**asked["text"])
    try:
        _limit(fetch)
        with open_source(source, fetch) as files:
            entries = list(layout(fetch.layout).entries(files, fetch, text))
            for entry in entries:
                say({"file": entry.file, "text": entry.text, "split": entry.split})
            say({})
            answers.flush()
            for line in questions:
                content = entries[json.loads(line)["number"]].read()
                say({"size": len(content)})
                answers.write(content)
                answers.flush()
    except CaptchaOcrError as error:
        say({"error": str(error)})
    except MemoryError:
        say({"error": f"{source} unpacks to more memory than fetch.max_unpacked_mb allows: fetch or write it again"})
    answers.flush()


def main() -> None:
    """Answers on what is standard output at the start; what layouts print goes to standard error."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    _answer(Path(sys.argv[1]), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
