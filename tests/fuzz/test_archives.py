"""Archives of strangers: packed as they are, or refused; nothing is written but the pictures."""

from pathlib import Path

from hypothesis import given

from captcha_ocr.fetch.layouts import LAYOUTS
from tests.fuzz.cases import fuzzed, one
from tests.fuzz.child import Bounds
from tests.fuzz.containers import archives
from tests.fuzz.judge import Judge
from tests.fuzz.packed import limited, packed, recognised

BOUNDS = Bounds(seconds=5, megabytes=300)


def answer(case: tuple[str, bytes, str], folder: Path) -> None:
    """As `captcha-ocr adopt` and `fetch` treat an archive."""
    name, content, layout_name = case
    source = folder / name
    source.write_bytes(content)
    recognised(source, layout_name)
    packed(source, folder / "pictures", limited(layout_name))


@fuzzed
@given(archives(), one("file_names", "file_names", "file_names", "file_names", *LAYOUTS))
def test_an_archive_is_packed_or_refused(judged: Judge, archive: tuple[str, bytes], layout_name: str) -> None:
    judged.answer((*archive, layout_name))
