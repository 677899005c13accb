"""The interface of all files that pass between stages."""

from pathlib import Path
from typing import ClassVar, Self

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_bytes


class Artifact:
    """The content of a file that one stage writes and others read."""

    file_name: ClassVar[str]
    written_by: ClassVar[str]  # the stage, for `dvc repro --force`

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        """Parses the bytes of a file; `name` is for messages.

        Raises CaptchaOcrError if they do not have the form that this version of the project writes.
        """
        raise NotImplementedError

    def write(self, path: Path) -> None:
        """Writes the file, which appears under its name only when it is complete."""
        raise NotImplementedError

    @classmethod
    def read(cls, path: Path) -> Self:
        """Reads the file `path`; raises CaptchaOcrError if it does not exist, and as `parse` does."""
        return cls.parse(read_bytes(path), str(path))

    @classmethod
    def read_from(cls, folder: Path) -> Self:
        """Reads the file `file_name` in `folder`; raises as `read` does."""
        return cls.read(folder / cls.file_name)

    def write_to(self, folder: Path) -> None:
        """Writes the file `file_name` in `folder`."""
        self.write(folder / self.file_name)

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        """The error for a file that does not have the form that this version of the project writes."""
        return CaptchaOcrError(
            f"{name} is not as this version writes it ({why}): write it again with `dvc repro --force {cls.written_by}`"
        )
