"""The families, and their pictures: folders below .cache/styles/families/, each written once."""

import csv
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture

from .environments import HERE, NODE, ROOT, environment, interpreter, run
from .fonts import MATPLOTLIB, check_left_out

TABLE = "labels.csv"
SPARE = 1.05  # so many times the pictures that are kept: some are equal
PACKAGES = "lib/python*/site-packages"
FONTS = (  # the environments, and where the generators' fonts lie in them
    ("django", f"{PACKAGES}/captcha/fonts/*.ttf"),
    ("modern", f"{PACKAGES}/captcha/data/*.ttf"),
    ("modern", f"{PACKAGES}/multicolorcaptcha/fonts/**/*.ttf"),
    ("older", f"{PACKAGES}/trdg/fonts/latin/*.ttf"),
    (NODE, "node_modules/*/fonts/*.ttf"),
)


@dataclass(frozen=True)
class Family:
    """Pictures by one generator.

    script: a module of `generators/`, or a file of `node/`, whose first lines say what is on the pictures. fonts: what
    a generator that brings none is given, of matplotlib's.
    """

    name: str
    environment: str
    script: str
    fonts: tuple[str, ...] = ()


FAMILIES = (
    Family("bettercaptcha", "older", "better", ("DejaVuSans-Bold.ttf",)),
    Family("captcha", "modern", "captcha_lib"),
    Family("captcha-canvas", NODE, "canvas.mjs", ("DejaVuSans-Bold.ttf",)),
    Family("captcha.gif", NODE, "gif.mjs"),
    Family("captchapng", NODE, "digits.mjs"),
    Family("claptcha", "older", "clap", ("DejaVuSerif.ttf",)),
    Family("django-simple-captcha", "django", "django_captcha"),
    Family("multicolorcaptcha", "modern", "multicolor"),
    Family("svg-captcha", NODE, "svg.mjs"),
    Family("synthtiger", "older", "plates", ("DejaVuSans-Bold.ttf", "DejaVuSansMono-Bold.ttf")),
    Family("trdg", "older", "words"),
    Family("wheezy.captcha", "modern", "wheezy_captcha", ("DejaVuSans-Bold.ttf", "DejaVuSerif-Bold.ttf")),
)


@dataclass(frozen=True)
class PictureSet:
    """So many pictures of a family, drawn with one seed. None of them equals one of the sets `unlike`."""

    name: str
    seed: int
    count: int
    unlike: tuple["PictureSet", ...] = ()


TEST = PictureSet("test", 9, 500)
VALIDATION = PictureSet("validation", 8, 500, (TEST,))  # what recipes are chosen by, so that none is by the test
TRAINING = (
    PictureSet("train-0", 0, 5000, (TEST, VALIDATION)),
    PictureSet("train-1", 1, 500, (TEST, VALIDATION)),
    PictureSet("train-2", 2, 500, (TEST, VALIDATION)),
)
SETS = (TEST, VALIDATION, *TRAINING)
SHOWN = PictureSet("shown", 7, 12)  # on the contact sheet


@dataclass(frozen=True)
class Labelled:
    """A picture file, its text, and the digest of its pixels."""

    path: Path
    text: str
    digest: str


def family(name: str) -> Family:
    """The family of that name; raises CaptchaOcrError if there is none."""
    for known in FAMILIES:
        if known.name == name:
            return known
    raise CaptchaOcrError(f"there is no family {name!r}: name one of {listed([known.name for known in FAMILIES])}")


def pixels_digest(path: Path) -> str:
    """Of size and RGBA pixels, as in the pipeline's manifest: pictures that look equal have the same."""
    picture = eight_bit(open_picture(path, str(path)), str(path)).convert("RGBA")
    return hashlib.sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()


def _listed(folder: Path) -> Iterator[tuple[str, str]]:
    with (folder / TABLE).open(newline="", encoding="utf-8") as file:
        yield from ((row["file"], row["text"]) for row in csv.DictReader(file))


def _draw(kind: Family, wanted: PictureSet, folder: Path) -> None:
    """Lets the generator write pictures and their table into `folder`."""
    fonts = [str(MATPLOTLIB / name) for name in kind.fonts]
    rest = [str(folder), str(int(SPARE * wanted.count) + 10), str(wanted.seed), *fonts]
    what = f"the generator of {kind.name}"
    if kind.environment == NODE:
        run(["node", HERE / "node" / kind.script, *rest], environment(NODE), what)
    else:
        run([interpreter(kind.environment), "-m", f"styles.generators.{kind.script}", *rest], HERE.parent, what)


def _write_table(rows: list[Labelled], folder: Path) -> None:
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "text", "digest"])
        table.writerows([row.path.name, row.text, row.digest] for row in rows)


def _keep(kind: Family, wanted: PictureSet, folder: Path) -> None:
    """Keeps the first pictures that differ from each other, and from those of `wanted.unlike`."""
    taken = {row.digest for other in wanted.unlike for row in pictures(kind, other)}
    kept: list[Labelled] = []
    for name, text in _listed(folder):
        row = Labelled(folder / name, text, pixels_digest(folder / name))
        if row.digest in taken or len(kept) == wanted.count:
            row.path.unlink()
        else:
            taken.add(row.digest)
            kept.append(row)
    if len(kept) < wanted.count:
        raise CaptchaOcrError(f"{kind.name} draws only {len(kept)} different pictures of {wanted.count}")
    _write_table(kept, folder)


def make(kind: Family, wanted: PictureSet) -> Path:
    """The folder of a set of pictures, which is written first where it is missing."""
    folder = ROOT / "families" / kind.name / wanted.name
    if not folder.exists():
        draft = folder.with_name(f".draft-{os.getpid()}-{wanted.name}")
        draft.mkdir(parents=True)
        try:
            _draw(kind, wanted, draft)
            _keep(kind, wanted, draft)
            if not folder.exists():  # another driver may have drawn the same meanwhile
                draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder


def pictures(kind: Family, wanted: PictureSet) -> list[Labelled]:
    """All pictures of a set, in the order in which they were drawn."""
    folder = make(kind, wanted)
    with (folder / TABLE).open(newline="", encoding="utf-8") as file:
        return [Labelled(folder / row["file"], row["text"], row["digest"]) for row in csv.DictReader(file)]


def labelled(kind: Family, labels: int, seed: int) -> list[Labelled]:
    """The first `labels` pictures of a training set; raises CaptchaOcrError where it has fewer."""
    wanted = TRAINING[seed]
    if labels > wanted.count:
        raise CaptchaOcrError(f"{wanted.name} has {wanted.count} pictures, not {labels}: take seed 0")
    return pictures(kind, wanted)[:labels]


def check_fonts() -> None:
    """Raises CaptchaOcrError if LEFT_OUT_FONTS lacks a font that the generators bring or are given."""
    named = {MATPLOTLIB / name for kind in FAMILIES for name in kind.fonts}
    brought = {font for name, pattern in FONTS for font in environment(name).glob(pattern)}
    check_left_out(sorted(named | brought))
