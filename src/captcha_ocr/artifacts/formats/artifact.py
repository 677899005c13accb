"""What all files that pass between stages have in common."""

from pathlib import Path
from typing import ClassVar, Self

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_bytes


class Artifact:
    """A file of one form, which one stage writes and others read."""

    file_name: ClassVar[str]
    written_by: ClassVar[str]  # the stage

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        """From the bytes of a file called `name`.

        Raises CaptchaOcrError where they are not what this version of the project writes.
        """
        raise NotImplementedError

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        raise NotImplementedError

    @classmethod
    def read(cls, path: Path) -> Self:
        """The content of `path`; raises CaptchaOcrError where it does not exist, and as `parse` does."""
        return cls.parse(read_bytes(path), str(path))

    @classmethod
    def read_from(cls, folder: Path) -> Self:
        """The content of the file in `folder`; raises as `read` does."""
        return cls.read(folder / cls.file_name)

    def write_to(self, folder: Path) -> None:
        """Under its name in `folder`."""
        self.write(folder / self.file_name)

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        """The error of a file that this version of the project did not write."""
        return CaptchaOcrError(
            f"{name} is not as this version writes it ({why}): write it again with `dvc repro --force {cls.written_by}`"
        )
