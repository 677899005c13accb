"""data/source.json: the state of the source of the pictures when the stage `locate` last ran."""

from pathlib import Path
from typing import Self

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError


class SourceState(JsonFile):
    """What `fetch` reads.

    place: a file, a folder or an address. state: a fingerprint of it. pin: the hex SHA-256 of data.dvc, which DVC does
    not take for a dependency.
    """

    file_name, written_by = "source.json", "locate"

    place: str
    state: str
    pin: str = ""

    @classmethod
    def read_kept(cls, path: Path) -> Self | None:
        """The state that DVC has kept from the run before.

        None if there is none, or if it is damaged, which is said.
        """
        if not path.exists():
            return None
        try:
            return cls.read(path)
        except CaptchaOcrError as error:
            print(f"{error}. It is not used, and written again", flush=True)
            return None

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        return CaptchaOcrError(f"{name} is damaged, or from another version ({why})")
