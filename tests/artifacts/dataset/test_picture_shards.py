"""The packed pictures: what is read is what was written, in bounded portions, and other tools read it too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from captcha_ocr.artifacts.dataset import picture_shards
from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards, write_shards
from captcha_ocr.base.errors import CaptchaOcrError
from tests.packed import png

CONTENT = png(Image.new("L", (20, 10), 7))
PICTURES = [
    Picture("A/1.png", CONTENT, "nan", "train"),
    Picture("a/1.png", CONTENT + b"1", "007", "test"),
    Picture("b.png", b"no picture", None, None),
    Picture("é.png", b"", "", "validation"),
]


@pytest.fixture
def shards(tmp_path: Path) -> PictureShards:
    write_shards(tmp_path / "pictures", PICTURES)
    return PictureShards(tmp_path / "pictures")


def numbered(count: int) -> Iterator[Picture]:
    return (Picture(f"{i:05d}.png", bytes(1000), "x", None) for i in range(count))


def test_pictures_are_read_as_they_were_written(shards: PictureShards) -> None:
    """Names that differ by case or folder only, texts like numbers, missing texts and bytes that are no picture."""
    assert list(shards) == PICTURES


def test_the_same_pictures_give_the_same_bytes(shards: PictureShards, tmp_path: Path) -> None:
    write_shards(tmp_path / "again", iter(PICTURES))
    (first,), (second,) = (sorted(folder.iterdir()) for folder in (shards.folder, tmp_path / "again"))
    assert first.name == second.name == "part-00000.parquet"
    assert first.read_bytes() == second.read_bytes()


def test_many_pictures_become_several_shards_in_small_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_shards, "SHARD_BYTES", 100_000)
    monkeypatch.setattr(picture_shards, "GROUP_BYTES", 30_000)
    monkeypatch.setattr(picture_shards, "GROUP_ROWS", 40)
    write_shards(tmp_path / "pictures", numbered(250))
    shards = PictureShards(tmp_path / "pictures")
    assert len(list(shards.folder.iterdir())) == 3
    assert {len(group.files) for group in shards.row_groups} == {30, 10}
    assert [picture.file for picture in shards] == [picture.file for picture in numbered(250)]


def test_chosen_pictures_come_in_the_order_of_the_shards_or_as_asked(shards: PictureShards) -> None:
    assert [picture.file for picture in shards.chosen(["é.png", "A/1.png"])] == ["A/1.png", "é.png"]
    assert [picture.file for picture in shards.in_order(["é.png", "A/1.png"])] == ["é.png", "A/1.png"]
    assert shards.contents(["b.png"]) == {"b.png": b"no picture"}


def test_a_picture_that_is_not_there_is_named(shards: PictureShards) -> None:
    with pytest.raises(CaptchaOcrError, match=r"holds no picture c\.png: run `dvc repro` again"):
        list(shards.chosen(["b.png", "c.png"]))


def test_missing_and_damaged_shards_are_named(shards: PictureShards, tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match="nowhere holds no pictures"):
        list(PictureShards(tmp_path / "nowhere"))
    (path,) = shards.folder.iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CaptchaOcrError, match=r"part-00000\.parquet is damaged"):
        list(PictureShards(shards.folder))


def test_the_library_datasets_reads_them_as_images(tmp_path: Path) -> None:
    """In a process of its own, without a network and without a script that explains the columns."""
    write_shards(tmp_path / "pictures", PICTURES[:1])
    code = (
        "import datasets, sys\n"
        "(row,) = datasets.load_dataset('parquet', data_files=sys.argv[1], split='train')\n"
        "print(row['image'].size, row['image'].getpixel((0, 0)), row['text'], row['split'])"
    )
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PATH": ""}
    file = tmp_path / "pictures" / "part-00000.parquet"
    done = subprocess.run(
        [sys.executable, "-c", code, file], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(20, 10) 7 nan train"
