"""Parquet files and LMDB stores of strangers: packed, or refused; their libraries are written in C and may crash."""

from pathlib import Path

from hypothesis import given

from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.layouts import layout
from tests.fuzz.cases import fuzzed
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.packed import LIMITS, packed, shipped
from tests.fuzz.stores import stores

BOUNDS = Bounds(seconds=5, megabytes=500)
LAYOUTS = {".parquet": "parquet", ".mdb": "lmdb"}


def answer(case: tuple[str, bytes], folder: Path) -> None:
    """As `captcha-ocr adopt` and `fetch` treat a store."""
    source = folder / case[0]
    source.write_bytes(case[1])
    name = LAYOUTS[source.suffix]
    with open_source(source, shipped().fetch.model_copy(update=LIMITS)) as files:
        layout(name).recognises(files)
    packed(source, folder / "pictures", name)


@fuzzed
@given(stores())
def test_a_store_is_packed_or_refused(judged: Judge, store: tuple[str, bytes]) -> None:
    judged.answer(store)
