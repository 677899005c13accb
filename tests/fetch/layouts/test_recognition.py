"""The first layout of LAYOUTS that recognises a source is the one that it has: `captcha-ocr adopt` takes that one."""

import json
from pathlib import Path

import pytest

from captcha_ocr.artifacts.dataset.picture_shards import Picture, write_shards
from captcha_ocr.fetch.layouts import LAYOUTS
from tests.fetch.layouts import test_lmdb, test_webdataset
from tests.fetch.sources import png, recognised, written

PICTURES = {"images/a.png": png(1), "images/b.png": png(2)}
TASK = {"id": 1, "data": {"image": "/data/upload/1/a.png"}, "annotations": []}
RECORD = {"id": 1, "image": "/data/upload/1/a.png", "transcription": "x", "annotation_id": 1, "lead_time": 1.0}
BOXES = json.dumps([{"transcription": "x", "points": [[0, 0], [20, 0], [20, 10], [0, 10]], "difficult": False}])
FOLDERS = {
    "file_names": PICTURES,
    "table": {"labels.csv": "file_name,text\nimages/a.png,x\n", **PICTURES},
    "paddleocr": {"rec_gt.txt": "images/a.png\tx\n", **PICTURES},
    "webdataset": {"images/a.txt": "x", "images/b.txt": "y", **PICTURES},
    "label_studio": {"export.json": json.dumps([TASK]), **PICTURES},
    "ppocrlabel": {"images/Label.txt": f"images/a.png\t{BOXES}\n", **PICTURES},
}


def first(source: Path) -> str:
    return next(name for name in LAYOUTS if recognised(source, name))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_with_pictures(tmp_path: Path, name: str) -> None:
    assert first(written(tmp_path / "s", FOLDERS[name])) == name


def test_the_crops_of_ppocrlabel_are_not_taken_for_a_list_of_paddleocr(tmp_path: Path) -> None:
    files = {"rec_gt.txt": "crop_img/a.jpg\tx\n", "crop_img/a.jpg": png(1), "a.jpg": png(2), "Cache.cach": "{}"}
    assert first(written(tmp_path / "s", files)) == "ppocrlabel"


def test_the_short_export_of_label_studio_is_not_taken_for_a_table(tmp_path: Path) -> None:
    assert first(written(tmp_path / "s", {"export.json": json.dumps([RECORD]), "a.png": png(1)})) == "label_studio"


def test_stores(tmp_path: Path) -> None:
    write_shards(tmp_path / "shards", [Picture("a.png", png(1), "x", None)])
    assert first(tmp_path / "shards") == "parquet"
    assert first(test_lmdb.write(tmp_path / "lmdb", test_lmdb.KEYS)) == "lmdb"
    assert first(test_webdataset.write(tmp_path / "pairs.tar", test_webdataset.SAMPLES)) == "webdataset"
