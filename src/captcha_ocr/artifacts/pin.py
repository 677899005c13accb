"""data.dvc: the pin of the archive that is fetched where the user names no source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import read_yaml

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x1f]+$")]
TEXT: TypeAdapter[str] = TypeAdapter(Text)


@dataclass(frozen=True)
class Pin:
    """The archive that data.dvc names.

    url: where it can be downloaded. archive: where it is kept locally. content_digest: of the pictures in it, as
    `digest.content_digest` computes it. git_blob: the git id of the public file. listing: a `sha256sum` listing of the
    pictures.
    """

    url: str
    archive: Path
    content_digest: str
    git_blob: str
    listing: Path
    licence: str


def read_pin(path: Path) -> Pin:
    """The pin as data.dvc holds it; raises CaptchaOcrError if one of its values is missing or no text."""
    content = read_yaml(path)
    try:
        meta = content["meta"]
        values = [content["deps"][0]["path"], content["outs"][0]["path"]]
        values += [meta[key] for key in ("content_digest", "git_blob", "listing", "licence")]
        url, archive, digest, blob, listing, licence = map(TEXT.validate_python, values)
    except (LookupError, TypeError, ValidationError) as error:
        raise CaptchaOcrError(f"{path} is no pin of an archive ({error}): restore it from git") from None
    return Pin(url, Path(archive), digest, blob, Path(listing), licence)
