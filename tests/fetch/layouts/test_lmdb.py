from collections.abc import Mapping
from pathlib import Path

import lmdb
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import labels_of, packed_of, png, recognised, written

KEYS = {
    "num-samples": b"3",
    "image-000000001": png(1),
    "label-000000001": b"007",
    "image-000000002": png(2),
    "label-000000002": "e\u0301 b".encode(),
    "image-000000003": b"broken",
    "label-000000003": b"nan",
}


def write(folder: Path, keys: Mapping[str, bytes | None]) -> Path:
    """A store of `keys`, without those that are None."""
    folder.mkdir(parents=True)
    with lmdb.open(str(folder), map_size=1 << 22) as store, store.begin(write=True) as transaction:
        for key, value in keys.items():
            if value is not None:
                transaction.put(key.encode(), value)
    return folder


def test_pictures_are_named_by_their_keys(tmp_path: Path) -> None:
    source = write(tmp_path / "s", KEYS)
    assert recognised(source, "lmdb")
    found = packed_of(source, "lmdb")
    assert {p.file: p.text for p in found} == {
        "image-000000001": "007",
        "image-000000002": "é b",
        "image-000000003": "nan",
    }
    assert [p.content for p in found] == [png(1), png(2), b"broken"]


def test_several_stores_are_the_splits_that_their_folders_name(tmp_path: Path) -> None:
    """As PARSeq keeps them: a store for each set, below train, val and test."""
    for folder in ("train/MJ", "train/ST", "val", "test"):
        write(tmp_path / "s" / "data" / folder, KEYS)
    found = packed_of(tmp_path / "s", "lmdb")
    assert len(found) == 12
    assert {p.file.rpartition("/")[0]: p.split for p in found} == {
        "train/MJ": "train",
        "train/ST": "train",
        "val": "validation",
        "test": "test",
    }


def test_many_pictures_are_read_in_portions(tmp_path: Path) -> None:
    keys = {f"image-{i:09d}": bytes([i % 256]) for i in range(1, 251)}
    source = write(tmp_path / "s", keys | {"num-samples": b"250"})
    assert [p.content[0] for p in packed_of(source, "lmdb")] == [i % 256 for i in range(1, 251)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"num-samples": None}, "num-samples is missing"),
        ({"num-samples": b"three"}, "num-samples is b'three'"),
        ({"num-samples": b"5"}, "num-samples is 5, but there is no image-000000004, image-000000005"),
        ({"num-samples": b"9" * 18}, "but there is no image-000000004, .*, image-000000007: write"),
        ({"num-samples": b"2"}, "num-samples is 2, but there is image-000000003"),
        ({"image-000000002": None}, "num-samples is 3, but there is no image-000000002"),
        ({"label-000000002": b"\xff"}, "not UTF-8: label-000000002"),
    ],
)
def test_a_store_whose_keys_do_not_fit_is_refused(tmp_path: Path, changed: dict[str, bytes | None], said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(write(tmp_path / "s", KEYS | changed), "lmdb")


def test_a_missing_or_empty_label_is_left_to_validation(tmp_path: Path) -> None:
    source = write(tmp_path / "s", KEYS | {"label-000000001": None, "label-000000002": b""})
    assert list(labels_of(source, "lmdb").values()) == [None, "", "nan"]


def test_a_store_that_was_cut_off_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """LMDB maps the file into memory: reading behind its end would end the process without a word."""
    source = write(tmp_path / "s", KEYS | {"image-000000003": bytes(100_000)})
    content = (source / "data.mdb").read_bytes()
    (source / "data.mdb").write_bytes(content[: len(content) // 2])
    assert not recognised(source, "lmdb")
    with pytest.raises(CaptchaOcrError, match=rf"data\.mdb is cut off: it must have {len(content):,} bytes"):
        packed_of(source, "lmdb")


@pytest.mark.parametrize("content", ["", "no database" * 1000])
def test_what_is_no_store_is_refused(tmp_path: Path, content: str) -> None:
    source = written(tmp_path / "s", {"data.mdb": content})
    assert not recognised(source, "lmdb")
    with pytest.raises(CaptchaOcrError, match=r"data\.mdb is no sound LMDB store"):
        packed_of(source, "lmdb")


def test_another_store_is_not_taken_for_one_of_pictures(tmp_path: Path) -> None:
    assert not recognised(write(tmp_path / "s", {"a": b"b"}), "lmdb")


def test_loose_pictures_beside_the_store_are_named(tmp_path: Path) -> None:
    source = write(tmp_path / "s", KEYS)
    written(source, {"x.png": png(1)})
    with pytest.raises(CaptchaOcrError, match=r"no part of the layout lmdb: x\.png"):
        packed_of(source, "lmdb")


def test_a_damaged_page_ends_only_the_process_that_reads_it(tmp_path: Path) -> None:
    """LMDB believes where a page says that its second key is, and reads behind the end of the file."""
    source = write(tmp_path / "s", KEYS)
    content = bytearray((source / "data.mdb").read_bytes())
    content[2 * 4096 + 22] = 0xFF
    (source / "data.mdb").write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=r"ended the process that read it \(code -\d+\): it is damaged"):
        packed_of(source, "lmdb")


def test_values_that_share_their_bytes_are_counted_each(tmp_path: Path) -> None:
    source = write(tmp_path / "s", KEYS)
    with pytest.raises(CaptchaOcrError, match=r"more than fetch\.max_unpacked_mb"):
        packed_of(source, "lmdb", max_unpacked_mb=0.0001)
