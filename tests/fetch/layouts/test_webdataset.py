import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import tar as tars
from tests.fetch.sources import labels_of, packed_of, png, recognised, written

SAMPLES = {"a.png": png(1), "a.txt": "007\n", "b.JPG": b"broken", "b.txt": "e\u0301 b", "b.cls": "3"}


def write(path: Path, files: Mapping[str, bytes | str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz" if path.suffix in (".gz", ".tgz") else "w") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", ["s.tar", "s.tar.gz"])
def test_a_tar_of_pairs(tmp_path: Path, name: str) -> None:
    source = write(tmp_path / name, SAMPLES)
    assert recognised(source, "webdataset")
    assert [(p.file, p.text, p.content) for p in packed_of(source, "webdataset")] == [
        ("a.png", "007", png(1)),
        ("b.JPG", "é b", b"broken"),
    ]


def test_several_tars_with_equal_keys(tmp_path: Path) -> None:
    """Names of tars or of folders tell the split, and a README may lie beside them."""
    for name in ("train-0000.tar", "train-0001.tgz", "test/0000.tar", "more.tar"):
        write(tmp_path / "s" / name, SAMPLES)
    written(tmp_path / "s", {"README.md": "# pairs"})
    assert recognised(tmp_path / "s", "webdataset")
    assert {p.file: p.split for p in packed_of(tmp_path / "s", "webdataset")} == {
        "more/a.png": None,
        "more/b.JPG": None,
        "test/0000/a.png": "test",
        "test/0000/b.JPG": "test",
        "train-0000/a.png": "train",
        "train-0000/b.JPG": "train",
        "train-0001/a.png": "train",
        "train-0001/b.JPG": "train",
    }


def test_each_of_many_tars_is_opened_once_a_purpose_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for the names, once for the labels, once for the pictures."""
    for number in range(5):
        write(tmp_path / "s" / f"{number}.tar", {f"{i}.{end}": "x" for i in range(9) for end in ("png", "txt")})
    opened: list[tars.TarFiles] = []
    original = tars._opened
    monkeypatch.setattr(tars, "_opened", lambda *arguments: opened.append(original(*arguments)) or opened[-1])
    assert len(packed_of(tmp_path / "s", "webdataset")) == 45
    assert len(opened) == 15
    assert all(files.tar.closed for files in opened)


def test_pairs_in_a_folder_are_read_as_well(tmp_path: Path) -> None:
    source = written(tmp_path / "s", {f"train/{name}": content for name, content in SAMPLES.items()})
    assert [(p.file, p.split) for p in packed_of(source, "webdataset")] == [
        ("train/a.png", "train"),
        ("train/b.JPG", "train"),
    ]


def test_labels_in_json(tmp_path: Path) -> None:
    source = written(tmp_path / "s", {"a.png": png(1), "a.json": '{"text": "nan", "code": "007", "width": 3}'})
    assert labels_of(source, "webdataset") == {"a.png": "nan"}
    assert labels_of(source, "webdataset", text_column="code") == {"a.png": "007"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", r"a\.json is not JSON"),
        ('{"width": 3}', r"none of its keys width is the label: name it in fetch\.text_column"),
        ('{"text": "a", "label": "b"}', "text, label of its keys text, label is the label"),
        ('{"text": 7}', "text is 7, not a text: write it in quotation marks"),
    ],
)
def test_json_without_one_label_is_named(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(written(tmp_path / "s", {"a.png": png(1), "a.json": content}), "webdataset")


def test_a_missing_or_empty_label_is_left_to_validation(tmp_path: Path) -> None:
    files = {"a.png": png(1), "b.png": png(2), "b.txt": "", "c.png": png(3), "c.json": '{"text": null}'}
    assert labels_of(write(tmp_path / "s.tar", files), "webdataset") == {"a.png": None, "b.png": "", "c.png": None}


def test_a_label_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"a\.txt, line 1: byte 0xff is not UTF-8"):
        packed_of(write(tmp_path / "s.tar", {"a.png": png(1), "a.txt": b"\xff"}), "webdataset")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"c.txt": "no picture"}, r"not one picture: c \(txt\)"),
        ({"a.jpg": png(3)}, r"not one picture: a \(jpg, png, txt\)"),
    ],
)
def test_a_sample_without_exactly_one_picture_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(write(tmp_path / "s.tar", SAMPLES | files), "webdataset")


def test_a_doubled_key_is_named(tmp_path: Path) -> None:
    source = write(tmp_path / "s" / "a.tar", SAMPLES)
    write(tmp_path / "s" / "a.tgz", {"a.png": png(9)})
    with pytest.raises(CaptchaOcrError, match=r"a/a\.png is there more than once"):
        packed_of(source.parent, "webdataset")


def test_a_damaged_tar_among_several_is_named(tmp_path: Path) -> None:
    write(tmp_path / "s" / "a.tar", SAMPLES)
    damaged = write(tmp_path / "s" / "b.tar.gz", SAMPLES)
    damaged.write_bytes(damaged.read_bytes()[:100])
    with pytest.raises(CaptchaOcrError, match=r"b\.tar\.gz is not a sound tar"):
        packed_of(tmp_path / "s", "webdataset")


def test_tars_that_together_exceed_the_limit_are_refused(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / "s" / f"{name}.tgz", {"a.png": bytes(400_000), "a.txt": "x"})
    with pytest.raises(CaptchaOcrError, match=r"more than fetch\.max_unpacked_mb at c\.tgz"):
        packed_of(tmp_path / "s", "webdataset", max_unpacked_mb=1, max_ratio=1000)


def test_pictures_named_after_their_labels_are_no_pairs(tmp_path: Path) -> None:
    assert not recognised(written(tmp_path / "s", {"ab.png": png(1), "notes.txt": "x"}), "webdataset")
