"""Fetches the free fonts on which the shipped weights are pre-trained.

    python pretraining/fonts.py [FOLDER]

fonts.csv beside this file lists the npm packages, their versions, digests and licences, and which of their files are
taken. The installed npm fetches them; a package whose digest differs from the list's is refused. excluded_fonts.csv
lists the families that the generators of the benchmark of styles bring along: none of them may be fetched, so that the
benchmark shows fonts that pre-training has not seen.
"""

import argparse
import base64
import csv
import hashlib
import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.files import write_bytes, write_text
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.pretraining.fonts import FOLDER, INDEX, SYMBOLS

LISTED, EXCLUDED = Path(__file__).with_name("fonts.csv"), Path(__file__).with_name("excluded_fonts.csv")
AT_ONCE = 16  # packages that one call of npm fetches


@dataclass(frozen=True)
class Package:
    """A line of fonts.csv.

    `faces` are the ends of the names of the files that are taken. `symbols` is a key of `SYMBOLS`: fonts whose small
    letters look like capitals are for digits and capitals alone.
    """

    package: str
    version: str
    licence: str
    kind: str
    symbols: str
    faces: str
    integrity: str


def packages() -> list[Package]:
    """What fonts.csv lists. Raises CaptchaOcrError where a family of it is excluded."""
    with LISTED.open(encoding="utf-8", newline="") as lines:
        found = [Package(**row) for row in csv.DictReader(lines)]
    excluded = excluded_names()
    if forbidden := [package.package for package in found if plain_name(package.package.split("/")[-1]) in excluded]:
        raise CaptchaOcrError(f"{LISTED.name} lists {listed(forbidden)}, which {EXCLUDED.name} excludes: take them out")
    return found


def plain_name(family: str) -> str:
    """Letters and digits alone, in lower case: the name that a family and its package share."""
    return re.sub("[^a-z0-9]", "", family.lower())


def excluded_names() -> set[str]:
    with EXCLUDED.open(encoding="utf-8", newline="") as lines:
        return {plain_name(row["family"]) for row in csv.DictReader(lines)}


def fetch(wanted: list[Package], folder: Path) -> list[Path]:
    """The packages' archives, in their order. Raises CaptchaOcrError where npm fails or a digest differs."""
    npm = shutil.which("npm")
    if npm is None:
        raise CaptchaOcrError("npm is not installed, and it fetches the fonts: install Node.js")
    names = [f"{package.package}@{package.version}" for package in wanted]
    command = [npm, "pack", "--json", "--silent", f"--pack-destination={folder}", *names]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CaptchaOcrError(f"npm could not fetch {listed(names)}: {run.stderr.strip() or run.stdout.strip()}")
    archives = [folder / f"{package.package[1:].replace('/', '-')}-{package.version}.tgz" for package in wanted]
    for package, archive in zip(wanted, archives, strict=True):
        digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != package.integrity:
            raise CaptchaOcrError(
                f"{package.package} has the digest {digest}, not {package.integrity} of {LISTED.name}"
            )
    return archives


def convert(package: Package, archive: Path, folder: Path) -> list[Path]:
    """The faces of the package as TrueType or OpenType files in the folder."""
    family, paths = package.package.split("/")[-1], []
    with tarfile.open(archive) as files:
        for face in package.faces.split():
            web_font = files.extractfile(f"package/files/{family}-{face}.woff2")
            assert web_font is not None  # the digest fixes what is in the archive
            font, content = TTFont(io.BytesIO(web_font.read()), recalcTimestamp=False), io.BytesIO()
            font.flavor = None
            font.save(content)
            paths.append(folder / f"{family}-{face}.ttf")
            write_bytes(paths[-1], content.getvalue())
    return paths


def check_symbols(path: Path, symbols: str) -> None:
    """Raises CaptchaOcrError where the font lacks a symbol that the list says it has."""
    covered = TTFont(path).getBestCmap()
    if missing := [symbol for symbol in SYMBOLS[symbols] if ord(symbol) not in covered]:
        raise CaptchaOcrError(f"{path.name} lacks {listed(missing)}: take it out of {LISTED.name}, or change `symbols`")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    wanted, rows = packages(), ["file,kind,symbols"]
    with tempfile.TemporaryDirectory() as scratch:
        for first in tqdm(range(0, len(wanted), AT_ONCE), unit_scale=AT_ONCE, unit="package"):
            part = wanted[first : first + AT_ONCE]
            for package, archive in zip(part, fetch(part, Path(scratch)), strict=True):
                for path in convert(package, archive, folder):
                    check_symbols(path, package.symbols)
                    rows.append(f"{path.name},{package.kind},{package.symbols}")
                archive.unlink()
    write_text(folder / INDEX, "\n".join(rows) + "\n")
    print(f"{folder}: {len(rows) - 1} fonts")


if __name__ == "__main__":
    exit_on_error(main)
