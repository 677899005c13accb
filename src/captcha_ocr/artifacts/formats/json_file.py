"""A JSON file that passes between stages, as a frozen type that is checked when it is read."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.base.errors import listed
from captcha_ocr.base.files import write_json


class Part(BaseModel):
    """A part of a JSON file: no field may be missing that has no default, and none may be unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JsonFile(Artifact, Part):
    """Fields are the file's keys."""

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, e['loc'])) or 'content'}: {e['msg']}" for e in error.errors()]
            raise cls.outdated(name, listed(problems, 5)) from None

    def write(self, path: Path) -> None:
        """What is None is left out."""
        write_json(path, self.model_dump(mode="json", exclude_none=True))
