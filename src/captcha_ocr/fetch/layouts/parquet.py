"""`parquet`: Parquet files that hold the pictures, as the library `datasets` of Hugging Face and `fetch` write them.

https://huggingface.co/docs/hub/datasets-image#parquet-format
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate, pairwise
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Budget, Files
from captcha_ocr.fetch.containers.names import is_plain_name
from captcha_ocr.fetch.layouts.entry import Entry, file_split, named_split, normalised
from captcha_ocr.fetch.layouts.leftovers import refuse_leftovers
from captcha_ocr.fetch.tables.columns import find_columns
from captcha_ocr.fetch.tables.table import Table
from captcha_ocr.params.params import FetchParams, TextParams

ENDING = ".parquet"
BATCH = 100  # pictures in memory at once: row groups can be as large as the file
READ_BUFFER = 1 << 20


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _holds_pictures(kind: pa.DataType) -> bool:
    """Whether a column may hold picture files: bytes, or a struct with bytes."""
    return _is_binary(kind) or (
        pa.types.is_struct(kind) and any(field.name == "bytes" and _is_binary(field.type) for field in kind)
    )


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """Opens a Parquet file without reading ahead; raises CaptchaOcrError if it turns out to be damaged."""
    try:
        with pq.ParquetFile(path, buffer_size=READ_BUFFER, pre_buffer=False) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
        raise CaptchaOcrError(f"{path} is no sound Parquet file ({error}): fetch or write it again") from None


def recognises(files: Files) -> bool:
    """Whether there are Parquet files, and the first has a column of pictures."""
    stores = [name for name in files.names if name.endswith(ENDING)]
    if not stores:
        return False
    try:
        with _opened(files.local(stores[0])) as file:
            return any(_holds_pictures(field.type) for field in file.schema_arrow)
    except CaptchaOcrError:
        return False


@dataclass(frozen=True)
class _Shard:
    """A Parquet file, `name` in the source, and its columns. `split` is None where no column tells the split."""

    name: str
    path: Path
    schema: pa.Schema
    row_groups: tuple[int, ...]
    image: str
    text: str
    split: str | None

    @property
    def nested(self) -> bool:
        """Whether the column of pictures is a struct."""
        return bool(pa.types.is_struct(self.schema.field(self.image).type))

    @cached_property
    def starts(self) -> list[int]:
        """The first row of each row group, and the number of all rows."""
        return list(accumulate(self.row_groups, initial=0))

    def column(self, name: str) -> list[str | None]:
        """A column of texts."""
        with _opened(self.path) as file:
            values: list[str | None] = file.read(columns=[name]).column(0).to_pylist()
        return values

    def paths(self) -> Sequence[str | None]:
        """The paths beside the pictures; None where there are none."""
        kind = self.schema.field(self.image).type
        if not self.nested or kind.get_field_index("path") < 0:
            return [None] * self.starts[-1]
        with _opened(self.path) as file:
            images = file.read(columns=[f"{self.image}.path"]).column(0).to_pylist()
        return [image and image["path"] for image in images]

    def batches(self, group: int) -> Iterator[list[bytes | None]]:
        """The pictures of a row group, BATCH at a time."""
        column = f"{self.image}.bytes" if self.nested else self.image
        with _opened(self.path) as file:
            for batch in file.iter_batches(BATCH, row_groups=[group], columns=[column]):
                values = batch.column(0).to_pylist()
                yield [value and value["bytes"] for value in values] if self.nested else values


class _Reader:
    """Reads pictures. In row order, each is read once; one batch is in memory."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.place: tuple[str, int] | None = None
        self.batches: Iterator[list[bytes | None]] = iter(())
        self.batch: list[bytes | None] = []
        self.start = 0

    def _next(self, shard: _Shard) -> list[bytes | None]:
        batch = next(self.batches, None)
        if not batch:
            raise CaptchaOcrError(f"{shard.path} has fewer rows than it says: fetch or write it again")
        return batch

    def read(self, shard: _Shard, row: int) -> bytes:
        """The bytes of the picture in a row; raises CaptchaOcrError if the file is damaged or holds no bytes there."""
        group = bisect_right(shard.starts, row) - 1
        if self.place != (shard.name, group) or row < self.start:
            self.place, self.start = (shard.name, group), shard.starts[group]
            self.batches = shard.batches(group)
            self.batch = self._next(shard)
        while row >= self.start + len(self.batch):
            self.start += len(self.batch)
            self.batch = self._next(shard)
        content = self.batch[row - self.start]
        if content is None:
            raise CaptchaOcrError(
                f"{shard.path}: row {row} holds no bytes in the column {shard.image}: write the pictures into "
                "the file, as push_to_hub of the library datasets does"
            )
        self.budget.spend(len(content), shard.name)
        return content


def _image_column(schema: pa.Schema, chosen: str, path: Path) -> str:
    """The column `chosen`, or else the only one that can hold pictures."""
    found = [field.name for field in schema if _holds_pictures(field.type)]
    if chosen and chosen not in found:
        raise CaptchaOcrError(
            f"{path}: fetch.picture_column = {chosen!r} is no column of pictures; these are: {listed(found) or 'none'}"
        )
    if not chosen and len(found) != 1:
        raise CaptchaOcrError(
            f"{path}: {listed(found) or 'no column'} can hold the pictures: name one in fetch.picture_column; it holds "
            "bytes, or a struct of bytes and path"
        )
    return chosen or found[0]


def _open(files: Files, name: str, fetch: FetchParams) -> _Shard:
    """The file `name` of the source with its columns; raises CaptchaOcrError if it is damaged, or lacks one."""
    path = files.local(name)
    with _opened(path) as file:
        schema = file.schema_arrow
        groups = tuple(file.metadata.row_group(number).num_rows for number in range(file.num_row_groups))
    if sum(groups) > fetch.max_pictures or min(groups, default=0) < 0:
        raise CaptchaOcrError(
            f"{path} says that it has {sum(groups)} rows, and fetch.max_pictures is {fetch.max_pictures}: raise it in "
            "params.yaml if the number is right"
        )
    image = _image_column(schema, fetch.picture_column, path)
    columns = find_columns(Table(str(path), schema.names, iter(())), image, fetch.text_column, fetch.split_column)
    text, split = schema.names[columns.text], None if columns.split is None else schema.names[columns.split]
    for column in filter(None, (text, split)):
        if not _is_text(kind := schema.field(column).type):
            raise CaptchaOcrError(
                f"{path}: the column {column} holds {kind}, not text, which would lose the zeros of 007: write it as "
                "text, or name another in fetch.text_column and fetch.split_column"
            )
    return _Shard(name, path, schema, groups, image, text, split)


def _names(shards: Sequence[_Shard]) -> list[list[str]]:
    """A name for each picture of each file, sorted in the order of rows, so that nothing is read twice.

    They are the paths in the files where those are plain names and sorted, as `fetch` writes them. Elsewhere the rows
    are numbered, and the last part of the path is kept if it is a plain name.
    """
    paths = [shard.paths() for shard in shards]
    plain = [[path for path in of_shard if path and is_plain_name(path)] for of_shard in paths]
    flat = [path for of_shard in plain for path in of_shard]
    if len(flat) == sum(map(len, paths)) and all(a < b for a, b in pairwise(flat)):
        return plain
    return [[_numbered(shard, row, path) for row, path in enumerate(p)] for shard, p in zip(shards, paths, strict=True)]


def _numbered(shard: _Shard, row: int, path: str | None) -> str:
    digits = len(str(shard.starts[-1]))
    last = PurePosixPath((path or "").replace("\\", "/")).name
    return f"{shard.name.removesuffix(ENDING)}/{row:0{digits}d}{f'-{last}' if is_plain_name(last) else ''}"


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError for a damaged file, and for a column that is missing.

    The split is told by a column, or by the name of the file or of a folder.
    """
    stores = [name for name in files.names if name.endswith(ENDING)]
    refuse_leftovers(files, stores, "parquet")
    shards = [_open(files, name, fetch) for name in stores]
    reader = _Reader(Budget(files.place, fetch))
    for shard, names in zip(shards, _names(shards), strict=True):
        texts = shard.column(shard.text)
        splits = shard.column(shard.split) if shard.split else texts
        if not len(texts) == len(splits) == len(names):
            raise CaptchaOcrError(f"{shard.path} has columns of several lengths: fetch or write it again")
        of_file = file_split(shard.name)
        for row, (name, label) in enumerate(zip(names, texts, strict=True)):
            split = named_split(splits[row] or "", f"{shard.path}, row {row}") if shard.split else of_file
            yield Entry(name, None if label is None else normalised(label), split, partial(reader.read, shard, row))
