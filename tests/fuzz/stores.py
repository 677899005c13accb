"""Parquet files and LMDB stores: well-formed at first, then broken at their bytes, or holding what nobody expects."""

import io
import tempfile
from functools import cache
from pathlib import Path

import lmdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from tests.fuzz.cases import broken, one, upto
from tests.fuzz.pictures import png

PAGE = 4096
PATHS = one(
    "0.png", "1.png", "a/2.png", "", "../x.png", "/x.png", "a\x00b", "\x1b[2J.png", "C:\\x", "a//b.png", "é.png"
)
TEXTS = one("ab", "234", "", None, "a\x00b", "x" * 10_000, "e\u0301")
SPLITS = one("train", "test", "val", "", "none", None)
BYTES = one(png(0), png(1), b"", None, bytes(100_000))


def _rows(draw: st.DrawFn) -> pa.Table:
    """A table as the library `datasets` writes it, with odd cells and columns."""
    count = draw(upto(4))
    paths = [draw(PATHS) for _ in range(count)]
    rows = [
        {"image": {"bytes": draw(BYTES), "path": path}, "text": draw(TEXTS), "split": draw(SPLITS)} for path in paths
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SCHEMA = pa.schema(
    [
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("text", pa.string()),
        ("split", pa.string()),
    ]
)
KINDS = one(
    *(
        pa.large_binary(),
        pa.binary(8),
        pa.int64(),
        pa.float16(),
        pa.list_(pa.string()),
        pa.dictionary(pa.int8(), pa.string()),
    ),
    *(
        pa.timestamp("ns"),
        pa.decimal128(38, 9),
        pa.bool_(),
        pa.null(),
        pa.map_(pa.string(), pa.string()),
        pa.large_string(),
    ),
)


def _odd_columns(draw: st.DrawFn, table: pa.Table) -> pa.Table:
    """The table with a column of another kind, a second of the same name, or without one."""
    name = draw(one("image", "text", "split"))
    change = draw(one("kind", "kind", "double", "drop"))
    place = table.schema.get_field_index(name)
    if change == "drop":
        return table.remove_column(place)
    column = pa.nulls(len(table), draw(KINDS)) if change == "kind" else table.column(name)
    return table.append_column(name, column) if change == "double" else table.set_column(place, name, column)


def _saved(table: pa.Table, compression: str, rows: int) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression=compression, row_group_size=rows)
    return file.getvalue()


@cache
def _plain_parquet(compression: str) -> bytes:
    rows = [{"image": {"bytes": png(n), "path": f"{n}.png"}, "text": "ab", "split": "train"} for n in range(6)]
    return _saved(pa.Table.from_pylist(rows, schema=SCHEMA), compression, 2)


CODECS = one("none", "snappy", "gzip", "zstd", "lz4", "brotli")


def _parquet(draw: st.DrawFn) -> bytes:
    if draw(upto(1)):
        return broken(draw, _plain_parquet(draw(CODECS)), [_plain_parquet("none")], 3)
    table = _rows(draw)
    return _saved(_odd_columns(draw, table) if draw(upto(1)) else table, draw(CODECS), draw(one(1, 2, 1000)))


@cache
def _plain_lmdb(pictures: int) -> bytes:
    """A store of so many pictures; with hundreds its tree has branches, and a long value has pages of its own."""
    with tempfile.TemporaryDirectory() as folder:
        with lmdb.open(folder, map_size=1 << 22) as store, store.begin(write=True) as transaction:
            for number in range(1, pictures + 1):
                transaction.put(f"image-{number:09d}".encode(), bytes(9000) if number == 2 else png(number % 9))
                transaction.put(f"label-{number:09d}".encode(), b"ab")
            transaction.put(b"num-samples", str(pictures).encode())
        content = (Path(folder) / "data.mdb").read_bytes()
    return content[: content.rstrip(b"\0").__len__() // PAGE * PAGE + PAGE]


def _lmdb(draw: st.DrawFn) -> bytes:
    """A store with broken bytes, most of them where the pointers are: in headers of pages, and in the first entries."""
    content = _plain_lmdb(draw(one(1, 3, 300)))
    for _ in range(draw(upto(2))):
        page = PAGE * draw(upto(len(content) // PAGE - 1))
        piece = draw(one(64, 64, 512, PAGE))
        content = content[:page] + broken(draw, content[page : page + piece], [content], 2) + content[page + piece :]
    return broken(draw, content, [content], 1) if draw(upto(3)) == 0 else content


@st.composite
def stores(draw: st.DrawFn) -> tuple[str, bytes]:
    """A store by its file's name and its bytes."""
    return ("own.parquet", _parquet(draw)) if draw(upto(1)) else ("data.mdb", _lmdb(draw))
