"""What must hold of dist/ before TAG is published: one sdist, and the wheel that it builds, in the tag's version.

Leaves the section of the changelog for the version in reports/release/notes.md. `make dist` leaves the software bill of
materials beside it.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.metadata import Metadata

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of, write_text
from captcha_ocr.base.stage import exit_on_error

DIST, CHANGELOG, NOTES = Path("dist"), Path("CHANGELOG.md"), Path("reports/release/notes.md")
SBOM, LOCK, LOCK_DIGEST = Path("reports/release/sbom.cdx.json"), Path("requirements.lock"), "captcha-ocr:lock_sha256"


def _only(pattern: str) -> Path:
    found = sorted(DIST.glob(pattern))
    if len(found) != 1:
        raise CaptchaOcrError(f"{DIST} holds {len(found)} files {pattern}, and one is wanted: run `make dist`")
    return found[0]


def _metadata(wheel: Path) -> Metadata:
    """Checked against the standard, as the index does."""
    with zipfile.ZipFile(wheel) as zipped:
        name = next(name for name in zipped.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata.from_email(zipped.read(name), validate=True)


def _check_description(metadata: Metadata) -> None:
    if metadata.description_content_type != "text/markdown" or not metadata.description:
        raise CaptchaOcrError("the wheel has no description in Markdown: set `readme` in pyproject.toml")


def _check_sdist(sdist: Path, wheel: Path) -> None:
    """The sdist is complete: it builds the same wheel, byte by byte."""
    with TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder]
        subprocess.run([*build, str(sdist)], check=True)
        (again,) = Path(folder).glob("*.whl")
        if sha256_of(again) != sha256_of(wheel):
            raise CaptchaOcrError(f"{sdist} builds another wheel than {wheel}: commit what the sdist lacks")


def section(changelog: str, version: str) -> str:
    """The text below the heading of `version`; raises CaptchaOcrError where there is none."""
    found = re.search(
        rf"^## \[?{re.escape(version)}\]?(?![\w.]).*\n(?P<text>(?:(?!## ).*\n?)*)", changelog, re.MULTILINE
    )
    if not found or not found["text"].strip():
        raise CaptchaOcrError(f"{CHANGELOG} says nothing below a heading `## {version}`: move what is unreleased there")
    return found["text"].strip() + "\n"


def _check_bill(version: str) -> None:
    """The bill of materials is of this version, and of the lock as it is."""
    if not SBOM.is_file():
        raise CaptchaOcrError(f"{SBOM} does not exist: run `make dist`")
    about = json.loads(SBOM.read_text(encoding="utf-8"))["metadata"]
    digests = [entry["value"] for entry in about["properties"] if entry["name"] == LOCK_DIGEST]
    if about["component"]["version"] != version or digests != [sha256_of(LOCK)]:
        raise CaptchaOcrError(f"{SBOM} is of another version or another {LOCK}: run `make dist`")


def main() -> None:
    tag = os.environ.get("TAG", "")
    wheel = _only("*.whl")
    metadata = _metadata(wheel)
    if tag != f"v{metadata.version}":
        raise CaptchaOcrError(
            f"TAG={tag!r}, and the wheel is version {metadata.version}: tag v{metadata.version}, or change the version "
            "in pyproject.toml"
        )
    _check_description(metadata)
    _check_sdist(_only("*.tar.gz"), wheel)
    _check_bill(str(metadata.version))
    write_text(NOTES, section(CHANGELOG.read_text(encoding="utf-8"), str(metadata.version)))
    print(f"{wheel} may be published as {tag}; what is new in it: {NOTES}")


if __name__ == "__main__":
    exit_on_error(main)
