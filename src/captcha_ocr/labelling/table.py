"""The table of labels on disk. Each change is on disk when the call returns."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from captcha_ocr.base.drafts import sweep_drafts
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_bytes
from captcha_ocr.labelling.csv_form import Rows, new_form, parse


class LabelTable:
    """A CSV file with a row for each labelled picture; its other rows and columns are kept.

    Used in a `with` block, which locks the table against other labelling processes. The lock ends with its process.
    """

    def __init__(self, path: Path) -> None:
        """Opens a table, or names a new one; raises CaptchaOcrError if it has a form that cannot be continued, or if
        another process is labelling with it.
        """
        self.path = path.resolve()
        self._lock = FileLock(self.path.with_name(f".{path.name}.lock"))
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise CaptchaOcrError(
                f"another `captcha-ocr label` is writing to {path}: end it first, or name another table"
            ) from None
        except OSError as error:
            raise CaptchaOcrError(f"{path} cannot be written ({error.strerror}): name a table elsewhere") from None
        try:
            sweep_drafts(self.path.parent)
            self._content = self._read()
            self._form, self._rows = parse(self._content, path) if self._content else (new_form(path), {})
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._lock.release()

    @property
    def texts(self) -> Mapping[str, str]:
        """The text of each row by its file, in the order of the rows. It is empty where there is no label yet."""
        return {file: cells[self._form.text] for file, cells in self._rows.items()}

    def put(self, file: str, text: str) -> None:
        """Sets the text of the row about `file`, as `put_all` does."""
        self.put_all({file: text})

    def put_all(self, texts: Mapping[str, str]) -> None:
        """Sets the texts of rows by their files, in one write; a row that is missing is added.

        Raises CaptchaOcrError if another program has changed the file meanwhile, or it cannot be written.
        """
        rows = dict(self._rows)
        for file, text in texts.items():
            cells = list(rows.get(file) or self._form.new_row(file, text))
            cells[self._form.text] = text
            rows[file] = cells
        self._write(rows)

    def remove(self, file: str) -> None:
        """Removes the row about `file`; raises CaptchaOcrError as `put_all` does."""
        self._write({name: cells for name, cells in self._rows.items() if name != file})

    def _read(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""

    def _write(self, rows: Rows) -> None:
        content = self._form.render(rows)
        try:
            if self._read() != self._content:
                raise CaptchaOcrError(
                    f"{self.path.name} was changed by another program, so this answer was not stored: end "
                    "`captcha-ocr label` and start it again, and it continues with the changed table"
                )
            write_bytes(self.path, content, durable=True)
        except OSError as error:
            raise CaptchaOcrError(
                f"{self.path.name} cannot be written ({error.strerror}), so this answer was not stored: make room or "
                "give permission, and answer again"
            ) from None
        self._content, self._rows = content, rows
