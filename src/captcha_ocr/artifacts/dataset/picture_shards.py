"""data/pictures/: all pictures of the data set, packed into Parquet files (shards).

The columns are those that the library `datasets` of Hugging Face takes for a data set of images.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from captcha_ocr.base.errors import CaptchaOcrError

SHARD_BYTES = 32_000_000  # a shard is closed once its pictures have so many bytes: DVC checks and copies whole files
GROUP_BYTES, GROUP_ROWS = 2_000_000, 250  # most of a row group, the least that is read at once; it bounds memory
FEATURES = {
    "image": {"_type": "Image"},
    "text": {"dtype": "string", "_type": "Value"},
    "split": {"dtype": "string", "_type": "Value"},
}
SCHEMA = pa.schema(
    [
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("text", pa.string()),
        ("split", pa.string()),
    ],
    metadata={"huggingface": json.dumps({"info": {"features": FEATURES}})},
)


@dataclass(frozen=True)
class Picture:
    """One row of a shard.

    file: its name in the data set, unique: a relative path with forward slashes. content: the bytes of the picture
    file. text: its label; None where the source gives none. split: `train`, `validation` or `test` where the source
    assigns its pictures; else None.
    """

    file: str
    content: bytes
    text: str | None
    split: str | None


def _portions(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    """The pictures in groups of at most GROUP_ROWS that have GROUP_BYTES, and at most one picture more."""
    portion: list[Picture] = []
    size = 0
    for picture in pictures:
        portion.append(picture)
        size += len(picture.content)
        if size >= GROUP_BYTES or len(portion) == GROUP_ROWS:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _table(pictures: Sequence[Picture]) -> pa.Table:
    rows = [{"image": {"bytes": p.content, "path": p.file}, "text": p.text, "split": p.split} for p in pictures]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _writer(folder: Path, number: int) -> pq.ParquetWriter:
    # Pictures are compressed already.
    compression = {"image.bytes": "none", "image.path": "zstd", "text": "zstd", "split": "zstd"}
    return pq.ParquetWriter(
        folder / f"part-{number:05d}.parquet",
        SCHEMA,
        compression=compression,
        use_dictionary=["split"],
        write_statistics=["image.path"],
    )


def write_shards(folder: Path, pictures: Iterable[Picture]) -> None:
    """Writes `pictures`, which must be sorted by `file`, into the new folder `folder`.

    The same pictures give the same bytes.
    """
    folder.mkdir(parents=True)
    number, written, writer = 0, 0, _writer(folder, 0)
    for portion in _portions(pictures):
        if written >= SHARD_BYTES:
            writer.close()
            number, written = number + 1, 0
            writer = _writer(folder, number)
        writer.write_table(_table(portion))
        written += sum(len(picture.content) for picture in portion)
    writer.close()


@dataclass(frozen=True)
class RowGroup:
    """A row group of a shard: what is read at once. `files` are the names of its pictures."""

    shard: Path
    number: int
    files: tuple[str, ...]

    def pictures(self) -> list[Picture]:
        """All pictures of the row group, sorted by `file`."""
        with pq.ParquetFile(self.shard) as shard:
            table = shard.read_row_group(self.number, columns=["image", "text", "split"])
        rows = zip(*(table.column(name).to_pylist() for name in ("image", "text", "split")), strict=True)
        return [Picture(image["path"], image["bytes"], text, split) for image, text, split in rows]


@dataclass(frozen=True)
class PictureShards:
    """The packed pictures in `folder`, as `write_shards` wrote them."""

    folder: Path

    @cached_property
    def row_groups(self) -> list[RowGroup]:
        """All row groups in the order of their pictures; raises CaptchaOcrError if there is no shard."""
        shards = sorted(self.folder.glob("part-*.parquet"))
        if not shards:
            raise CaptchaOcrError(f"{self.folder} holds no pictures: pack them with `dvc repro fetch`")
        return [group for shard in shards for group in self._groups_of(shard)]

    @staticmethod
    def _groups_of(path: Path) -> Iterator[RowGroup]:
        try:
            with pq.ParquetFile(path) as shard:
                for number in range(shard.num_row_groups):
                    images = shard.read_row_group(number, columns=["image.path"]).column("image")
                    yield RowGroup(path, number, tuple(image["path"] for image in images.to_pylist()))
        except (pa.ArrowInvalid, OSError) as error:
            raise CaptchaOcrError(
                f"{path} is damaged ({error}): write it again with `dvc repro --force fetch`"
            ) from None

    def __iter__(self) -> Iterator[Picture]:
        """All pictures, sorted by `file`; a row group at a time is in memory."""
        for group in self.row_groups:
            yield from group.pictures()

    def chosen(self, files: Collection[str]) -> Iterator[Picture]:
        """The pictures named `files`, sorted by `file`; raises CaptchaOcrError naming one that is not there."""
        missing = set(files)
        for group in self.row_groups:
            wanted = missing.intersection(group.files)
            if wanted:
                yield from (picture for picture in group.pictures() if picture.file in wanted)
                missing -= wanted
        if missing:
            raise CaptchaOcrError(f"{self.folder} holds no picture {min(missing)}: run `dvc repro` again")

    def contents(self, files: Collection[str]) -> dict[str, bytes]:
        """The bytes of the picture files named `files`, by name; raises as `chosen` does. For few pictures."""
        return {picture.file: picture.content for picture in self.chosen(files)}

    def in_order(self, files: Sequence[str]) -> list[Picture]:
        """The pictures in the order of `files`; raises as `chosen` does. For few pictures."""
        found = {picture.file: picture for picture in self.chosen(files)}
        return [found[file] for file in files]
