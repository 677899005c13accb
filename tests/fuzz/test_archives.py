"""Archives of strangers: packed as they are, or refused; nothing is written but the pictures."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.fetch.layouts import LAYOUTS
from tests.fuzz.cases import fuzzed, one, rare, upto
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.packed import limited, packed, recognised
from tests.fuzz.tars import tars
from tests.fuzz.zips import zips

BOUNDS = Bounds(seconds=5, megabytes=300)


def answer(case: tuple[str, bytes, str], folder: Path) -> None:
    """As `captcha-ocr adopt` and `fetch` treat an archive."""
    name, content, layout_name = case
    source = folder / name
    source.write_bytes(content)
    recognised(source, layout_name)
    packed(source, folder / "pictures", limited(layout_name))


ZIP_NAMES = one("own.tar", "own.tgz", "own", "own.csv", "own.mdb", "own.parquet")
ZIPS, TARS = zips(), tars()


@st.composite
def archives(draw: st.DrawFn) -> tuple[str, bytes]:
    """An archive by its file's name and its bytes; a zip need not have the name of one."""
    if draw(upto(1)):
        return rare(draw, 15, ZIP_NAMES, "own.zip"), draw(ZIPS)
    ending, content = draw(TARS)
    return f"own{ending}", content


@fuzzed
@given(archives(), one("file_names", "file_names", "file_names", "file_names", *LAYOUTS))
def test_an_archive_is_packed_or_refused(judged: Judge, archive: tuple[str, bytes], layout_name: str) -> None:
    judged.answer((*archive, layout_name))
