"""Tables and lists of strangers, in every layout that has them: read cell by cell, or refused."""

from pathlib import Path

from hypothesis import given

from tests.fuzz.cases import fuzzed
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.listings import Files, listings
from tests.fuzz.packed import limited, packed, recognised

BOUNDS = Bounds(seconds=5, megabytes=500)


def answer(case: tuple[Files, str, str], folder: Path) -> None:
    """As `captcha-ocr adopt` and `fetch` treat a folder with a table."""
    files, layout_name, text_column = case
    source = folder / "own"
    for name, content in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    recognised(source, layout_name)
    packed(source, folder / "pictures", limited(layout_name, text_column=text_column))


@fuzzed
@given(listings())
def test_a_table_is_read_or_refused(judged: Judge, listing: tuple[Files, str, str]) -> None:
    judged.answer(listing)
