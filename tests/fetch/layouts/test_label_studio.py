import json
from pathlib import Path
from typing import Any

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import labels_of, packed_of, png, recognised, written


def area(text: list[str], field: str = "transcription", **place: float) -> dict[str, Any]:
    """A text of an annotation; `place` is given where it reads a region of the picture."""
    return {"id": "x", "type": "textarea", "from_name": field, "to_name": "image", "value": {"text": text} | place}


def annotation(*result: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 1, "result": list(result), "was_cancelled": False, "ground_truth": False} | more


def task(number: int, address: str, *annotations: dict[str, Any], **data: str) -> dict[str, Any]:
    return {"id": number, "data": {"image": address} | data, "annotations": list(annotations), "predictions": []}


def export(folder: Path, content: object, *pictures: str) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    name = "export.csv" if isinstance(content, str) else "export.json"
    return written(folder, {name: text} | {picture: png(shade) for shade, picture in enumerate(pictures)})


TASKS = [
    task(1, "/data/upload/4/1a2b3c4d-one.png", annotation(area(["007"]))),
    task(2, "/data/local-files/?d=scans/b%20b.png", annotation(area(["e\u0301 b"]))),
    task(3, "s3://bucket/deep/c.png", annotation(area(["nan"]))),
    task(4, "https://example.org/d.png?X-Amz-Signature=abc", annotation(area(["x"]))),
]
PICTURES = ("pictures/one.png", "pictures/b b.png", "pictures/c.png", "pictures/d.png")
LABELS = {"one.png": "007", "b b.png": "é b", "c.png": "nan", "d.png": "x"}


def test_tasks_name_pictures_by_addresses_of_the_server(tmp_path: Path) -> None:
    source = export(tmp_path / "s", TASKS, *PICTURES)
    assert recognised(source, "label_studio")
    assert labels_of(source, "label_studio") == LABELS


def test_what_is_no_address_names_no_picture(tmp_path: Path) -> None:
    tasks = [task(1, "1a2b3c4d-one.png", annotation(area(["007"])), note="http://["), task(2, "http://[/c.png")]
    assert labels_of(export(tmp_path / "s", tasks, *PICTURES[::2]), "label_studio") == {"one.png": "007", "c.png": None}


def test_a_text_that_is_none_is_named(tmp_path: Path) -> None:
    tasks = [task(1, "/one.png", annotation(area([{"a": "b"}])))]
    with pytest.raises(CaptchaOcrError, match=r"item 1 is not as Label Studio writes it \(.*\{'a': 'b'\} is no text"):
        labels_of(export(tmp_path / "s", tasks, *PICTURES), "label_studio")


def test_the_short_form_of_json(tmp_path: Path) -> None:
    rows = [
        {
            "id": 1,
            "image": "/data/upload/4/1a2b3c4d-one.png",
            "transcription": "007",
            "annotation_id": 1,
            "lead_time": 1.5,
        },
        {"id": 2, "image": "/data/upload/4/1a2b3c4d-c.png", "annotation_id": 2, "lead_time": 1.5},
    ]
    source = export(tmp_path / "s", rows, *PICTURES[::2])
    assert recognised(source, "label_studio")
    assert labels_of(source, "label_studio", text_column="transcription") == {"one.png": "007", "c.png": None}


def test_csv(tmp_path: Path) -> None:
    content = "annotation_id,annotator,id,image,lead_time,transcription\r\n1,1,7,/data/upload/4/one.png,2.5,007\r\n"
    source = export(tmp_path / "s", content, "one.png")
    assert recognised(source, "label_studio")
    assert labels_of(source, "label_studio") == {"one.png": "007"}


def test_folders_decide_between_pictures_of_one_name_and_name_the_split(tmp_path: Path) -> None:
    tasks = [task(i, f"/data/local-files/?d={f}/a.png", annotation(area([f]))) for i, f in enumerate(("train", "test"))]
    source = export(tmp_path / "s", tasks, "train/a.png", "test/a.png")
    assert {p.file: (p.text, p.split) for p in packed_of(source, "label_studio")} == {
        "test/a.png": ("test", "test"),
        "train/a.png": ("train", "train"),
    }
    tasks = [task(1, "/data/upload/1/a.png", annotation(area(["a"])))]
    with pytest.raises(CaptchaOcrError, match=r"several pictures may be /data/upload/1/a\.png \(task 1\)"):
        packed_of(export(tmp_path / "s", tasks), "label_studio")


@pytest.mark.parametrize(
    "annotations",
    [
        (),
        (annotation(area(["a"]), was_cancelled=True),),
        (annotation(),),
        (annotation(area([""])),),
    ],
)
def test_a_skipped_or_empty_task_is_left_to_validation(tmp_path: Path, annotations: tuple[dict[str, Any], ...]) -> None:
    tasks = [task(1, "/data/upload/1/a.png", *annotations)]
    assert labels_of(export(tmp_path / "s", tasks, "a.png"), "label_studio") == {"a.png": None}


def test_annotations_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    tasks = [
        task(1, "/data/upload/1/a.png", annotation(area(["a"])), annotation(area(["b"]))),
        task(2, "/data/upload/1/a.png", annotation(area(["a"]))),
    ]
    with pytest.raises(CaptchaOcrError, match=r"contradict each other: a\.png: 'a' \(task 1\) or 'b' \(task 1\) or"):
        packed_of(export(tmp_path / "s", tasks, "a.png"), "label_studio")


def test_equal_annotations_agree_and_ground_truth_decides(tmp_path: Path) -> None:
    tasks = [
        task(1, "/data/upload/1/a.png", annotation(area(["a"])), annotation(area(["a"]))),
        task(2, "/data/upload/1/b.png", annotation(area(["a"])), annotation(area(["b"]), ground_truth=True)),
    ]
    assert labels_of(export(tmp_path / "s", tasks, "a.png", "b.png"), "label_studio") == {"a.png": "a", "b.png": "b"}


@pytest.mark.parametrize(
    "result",
    [
        (area(["upper", "lower"]),),
        (area(["one"], x=1.0, y=1.0), area(["two"], x=50.0, y=1.0)),
    ],
)
def test_several_texts_in_a_picture_are_refused(tmp_path: Path, result: tuple[dict[str, Any], ...]) -> None:
    tasks = [task(1, "/data/upload/1/a.png", annotation(*result))]
    with pytest.raises(CaptchaOcrError, match="several texts in one picture: tasks 1: a picture must have one"):
        packed_of(export(tmp_path / "s", tasks, "a.png"), "label_studio")


def test_of_several_fields_one_is_chosen(tmp_path: Path) -> None:
    tasks = [task(1, "/x/a.png", annotation(area(["a"]), area(["smudged"], "note")), thumbnail="/x/b.png")]
    source = export(tmp_path / "s", tasks, "a.png")
    with pytest.raises(CaptchaOcrError, match=r"task 1: image, thumbnail where one key is the picture.*picture_column"):
        packed_of(source, "label_studio")
    with pytest.raises(CaptchaOcrError, match=r"texts of note, transcription: name one in fetch\.text_column"):
        packed_of(source, "label_studio", picture_column="image")
    assert labels_of(source, "label_studio", picture_column="image", text_column="transcription") == {"a.png": "a"}


def test_missing_pictures_are_named(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"not there: /data/upload/4/1a2b3c4d-one\.png \(task 1\)"):
        packed_of(export(tmp_path / "s", TASKS, *PICTURES[1:]), "label_studio")


def test_pictures_in_no_task_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert labels_of(export(tmp_path / "s", TASKS, *PICTURES, "pictures/e.png"), "label_studio") == LABELS
    assert "1 of 5 pictures are in no task of export.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([{"id": 1, "data": {"image": "a.png"}, "annotations": 3}], "item 1 is not as Label Studio writes it"),
        ([{"id": 1, "data": {"audio": "a.wav"}, "annotations": []}], "task 1: nothing where one key is the picture"),
        ([{"file_name": "a.png", "text": "a"}], "holds no export of Label Studio"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(export(tmp_path / "s", content, "a.png"), "label_studio")
