import random
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from captcha_ocr.artifacts.dataset.picture_shards import Picture, write_shards
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.layouts import parquet
from tests.fetch.sources import SHIPPED, entries_of, labels_of, packed_of, png, recognised, written

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def write(path: Path, paths: list[str | None], texts: list[str | None], **more: list[str | None]) -> Path:
    """A Parquet file as the library `datasets` writes it; returns its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    images = pa.array([{"bytes": png(i), "path": p} for i, p in enumerate(paths)], IMAGE)
    columns = {name: pa.array(values, pa.string()) for name, values in more.items()}
    pq.write_table(pa.table({"image": images, "text": pa.array(texts, pa.string()), **columns}), path, row_group_size=2)
    return path.parent


@pytest.mark.parametrize("splits", [(None, None, None), ("train", "validation", "test")])
def test_our_own_shards_come_back_as_they_are(tmp_path: Path, splits: tuple[str | None, ...]) -> None:
    pictures = [
        Picture("a/007.png", png(1), "007", splits[0]),
        Picture("b.png", png(2), "nan", splits[1]),
        Picture("c.png", b"broken", None, splits[2]),
    ]
    write_shards(tmp_path / "shards", pictures)
    assert recognised(tmp_path / "shards", "parquet")
    assert packed_of(tmp_path / "shards", "parquet") == pictures


def test_what_the_library_datasets_writes_is_read(tmp_path: Path) -> None:
    """Its own writer, and its folder as a hub keeps it: splits by file names, a README beside."""
    features = datasets.Features({"image": datasets.Image(), "label": datasets.Value("string")})
    for split, label in (("train", "ab"), ("validation", "Åb"), ("test", "007")):
        rows = {"image": [{"bytes": png(len(split)), "path": None}], "label": [label]}
        data = datasets.Dataset.from_dict(rows, features=features)
        (tmp_path / "hub" / "data").mkdir(parents=True, exist_ok=True)
        data.to_parquet(tmp_path / "hub" / "data" / f"{split}-00000-of-00001.parquet")
    written(tmp_path / "hub", {"README.md": "# cards", ".gitattributes": "*.parquet filter=lfs"})
    found = {(p.text, p.split, p.content) for p in packed_of(tmp_path / "hub", "parquet")}
    assert found == {("ab", "train", png(5)), ("Åb", "validation", png(10)), ("007", "test", png(4))}


def test_rows_are_numbered_where_paths_are_missing_repeated_or_in_another_order(tmp_path: Path) -> None:
    source = write(
        tmp_path / "s" / "train.parquet", [None, "x.png", "/home/me/x.png", "c:\\a.png"], ["a", "b", "c", "d"]
    )
    assert list(labels_of(source, "parquet")) == ["train/0", "train/1-x.png", "train/2-x.png", "train/3-a.png"]


@pytest.mark.parametrize(("path", "name"), [("\x1b[2J.png", "train/0"), ("a//b.png", "train/0-b.png")])
def test_a_path_that_is_no_plain_name_does_not_become_one(tmp_path: Path, path: str, name: str) -> None:
    assert labels_of(write(tmp_path / "s" / "train.parquet", [path], ["ab"]), "parquet") == {name: "ab"}


def test_a_column_names_the_split_before_the_file_does(tmp_path: Path) -> None:
    source = write(tmp_path / "s" / "train.parquet", ["a.png", "b.png"], ["a", "b"], split=["val", None])
    assert [p.split for p in packed_of(source, "parquet")] == ["validation", None]


def test_folders_name_the_split(tmp_path: Path) -> None:
    write(tmp_path / "s" / "train" / "0.parquet", ["a.png"], ["a"])
    write(tmp_path / "s" / "test" / "0.parquet", ["b.png"], ["b"])
    assert {p.text: p.split for p in packed_of(tmp_path / "s", "parquet")} == {"a": "train", "b": "test"}


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    write(tmp_path / "one.parquet", ["a.png"], ["a"])
    assert recognised(tmp_path / "one.parquet", "parquet")
    assert labels_of(tmp_path / "one.parquet", "parquet") == {"a.png": "a"}


def test_columns_are_chosen_by_name(tmp_path: Path) -> None:
    source = tmp_path / "s"
    source.mkdir()
    pictures = pa.array([png(1)], pa.large_binary())
    pq.write_table(
        pa.table({"scan": pictures, "thumb": pictures, "solution": ["e\u0301"], "text": ["no"]}), source / "p.parquet"
    )
    with pytest.raises(CaptchaOcrError, match=r"scan, thumb can hold the pictures: name one in fetch\.picture_column"):
        packed_of(source, "parquet")
    assert labels_of(source, "parquet", picture_column="scan", text_column="solution") == {"p/0": "é"}
    with pytest.raises(CaptchaOcrError, match=r"fetch\.picture_column = 'text' is no column of pictures"):
        packed_of(source, "parquet", picture_column="text")
    with pytest.raises(CaptchaOcrError, match=r"has no column 'word', which fetch\.text_column names"):
        packed_of(source, "parquet", picture_column="scan", text_column="word")


def test_labels_that_are_numbers_are_refused_since_they_have_lost_their_zeros(tmp_path: Path) -> None:
    source = tmp_path / "s"
    source.mkdir()
    pq.write_table(pa.table({"image": pa.array([png(1)]), "text": [7]}), source / "p.parquet")
    with pytest.raises(
        CaptchaOcrError, match="the column text holds int64, not text, which would lose the zeros of 007"
    ):
        packed_of(source, "parquet")


def test_a_missing_label_is_left_to_validation(tmp_path: Path) -> None:
    source = write(tmp_path / "s" / "p.parquet", ["a.png", "b.png"], [None, ""])
    assert labels_of(source, "parquet") == {"a.png": None, "b.png": ""}


def test_a_picture_that_is_only_a_path_is_named(tmp_path: Path) -> None:
    source = tmp_path / "s"
    source.mkdir()
    images = pa.array([{"bytes": None, "path": "a.png"}], IMAGE)
    pq.write_table(pa.table({"image": images, "text": ["a"]}), source / "p.parquet")
    with pytest.raises(CaptchaOcrError, match=r"p\.parquet: row 0 holds no bytes in the column image"):
        packed_of(source, "parquet")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    source = write(tmp_path / "s" / "p.parquet", ["a.png"], ["a"])
    content = (source / "p.parquet").read_bytes()
    (source / "p.parquet").write_bytes(content[: len(content) // 2])
    assert not recognised(source, "parquet")
    with pytest.raises(CaptchaOcrError, match=r"p\.parquet is no sound Parquet file"):
        packed_of(source, "parquet")


def test_other_files_beside_it_are_named(tmp_path: Path) -> None:
    source = write(tmp_path / "s" / "p.parquet", ["a.png"], ["a"])
    written(source, {"loose.png": png(1)})
    with pytest.raises(CaptchaOcrError, match=r"no part of the layout parquet: loose\.png"):
        packed_of(source, "parquet")
    assert labels_of(source, "parquet", ignore=("*.png",)) == {"a.png": "a"}


def test_pictures_that_unpack_to_more_than_the_limit_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "s"
    source.mkdir()
    pq.write_table(pa.table({"image": pa.array([bytes(2_000_000)]), "text": ["a"]}), source / "p.parquet")
    with pytest.raises(CaptchaOcrError, match=r"unpacks to more than fetch\.max_unpacked_mb"):
        packed_of(source, "parquet", max_unpacked_mb=1)


def test_one_large_row_group_is_read_in_portions_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pandas writes a file as one row group. Its pages hold 1,024 rows, which is the least that Arrow reads."""
    source = tmp_path / "s"
    source.mkdir()
    pictures = [bytes([i % 256]) * 4_000 for i in range(6_000)]
    table = pa.table({"image": pa.array(pictures), "text": ["a"] * 6_000})
    pq.write_table(table, source / "p.parquet", use_dictionary=False)
    opened: list[object] = []
    original = parquet.pq.ParquetFile
    monkeypatch.setattr(parquet.pq, "ParquetFile", lambda *a, **k: opened.append(a) or original(*a, **k))
    with open_source(source, SHIPPED.fetch) as files:
        entries = list(parquet.entries(files, SHIPPED.fetch, SHIPPED.text))
        opened.clear()
        held = pa.total_allocated_bytes()
        for entry, picture in zip(entries, pictures, strict=True):
            assert entry.read() == picture
            assert pa.total_allocated_bytes() - held < 15_000_000
        assert len(opened) == 1
        assert entries[5].read() == pictures[5]


def test_a_small_file_that_unpacks_to_more_than_the_memory_is_refused(tmp_path: Path) -> None:
    """Its dictionary has one text of a megabyte, and 20,000 rows name it."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["a" * 1_000_000]))
    images = pa.array([png()] * 20_000)
    pq.write_table(
        pa.table({"image": images, "text": texts}), tmp_path / "a.parquet", compression="zstd", store_schema=False
    )
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    with pytest.raises(CaptchaOcrError, match=r"no sound Parquet file|more memory than|ended the process"):
        packed_of(tmp_path / "a.parquet", "parquet", max_unpacked_mb=1)


def test_more_rows_than_pictures_are_allowed_are_refused_before_they_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": [png()] * 3, "text": ["a"] * 3}), tmp_path / "a.parquet")
    with pytest.raises(CaptchaOcrError, match=r"says that it has 3 rows, and fetch\.max_pictures is 2"):
        packed_of(tmp_path / "a.parquet", "parquet", max_pictures=2)


def test_damage_of_any_kind_is_a_message(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": [png(n) for n in range(9)], "text": list("abcdefghi")}), tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    refused, chance = 0, random.Random(0)
    for _ in range(150):
        place = chance.randrange(len(content))
        (tmp_path / "b.parquet").write_bytes(content[:place] + chance.randbytes(2) + content[place + 2 :])
        try:
            entries_of(tmp_path / "b.parquet", "parquet")
        except CaptchaOcrError:
            refused += 1
        except AssertionError:  # a picture of no bytes, which validation names
            pass
    assert refused > 20
