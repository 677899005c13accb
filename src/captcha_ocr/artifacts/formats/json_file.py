"""JSON files that pass between stages, as frozen types that are checked when they are read."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.base.errors import listed
from captcha_ocr.base.files import write_json


class Part(BaseModel):
    """A part of a JSON file. Fields without a default must be present, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JsonFile(Artifact, Part):
    """A JSON file whose keys are the fields of the type."""

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, e['loc'])) or 'content'}: {e['msg']}" for e in error.errors()]
            raise cls.outdated(name, listed(problems, 5)) from None

    def write(self, path: Path) -> None:
        """Writes the fields that are not None."""
        write_json(path, self.model_dump(mode="json", exclude_none=True))
