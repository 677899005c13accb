"""Parquet files and LMDB stores of strangers: packed, or refused; their libraries are written in C and may crash.

`pack` reads them in a process of its own, and `fetch` answers a crash of it as any other damage.
"""

from pathlib import Path

from hypothesis import given

from tests.fuzz.cases import fuzzed
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.packed import limited, read_here, recognised
from tests.fuzz.stores import stores

BOUNDS = Bounds(seconds=5, megabytes=500, isolated=True)
LAYOUTS = {".parquet": "parquet", ".mdb": "lmdb"}


def answer(case: tuple[str, bytes], folder: Path) -> None:
    """As `captcha-ocr adopt` and `fetch` treat a store."""
    source = folder / case[0]
    source.write_bytes(case[1])
    recognised(source, LAYOUTS[source.suffix])
    read_here(source, limited(LAYOUTS[source.suffix]))


@fuzzed
@given(stores())
def test_a_store_is_packed_or_refused(judged: Judge, store: tuple[str, bytes]) -> None:
    judged.answer(store)
