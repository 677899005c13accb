"""Each kind of archive that must not be unpacked, and what is said of it."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing
from captcha_ocr.fetch.unpack import copy_folder, unpack_zip
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.decoding import PICTURE_ENDINGS
from tests.modules import ROOT

SHIPPED = load_params(ROOT / "params.yaml").fetch


def png(shade: int = 0) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (20, 10), shade).save(buffer, "PNG")
    return buffer.getvalue()


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries:
            zipped.writestr(name, content)
    return path


def unpack(archive: Path, **changes: object) -> Path:
    folder = archive.parent / "raw"
    with replacing(folder) as draft:
        unpack_zip(archive, draft, SHIPPED.model_copy(update=changes))
    return folder


def test_pictures_come_out_flat_and_whole(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("set/", b""), ("set/22.png", png(1)), ("set/deep/33.PNG", png(2)))
    folder = unpack(archive)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {"22.png": png(1), "33.PNG": png(2)}


def test_a_picture_may_have_any_ending_that_reading_takes(tmp_path: Path) -> None:
    names = sorted(f"{i}{ending}" for i, ending in enumerate(PICTURE_ENDINGS))
    folder = unpack(pack(tmp_path / "a.zip", *((name, png()) for name in names)))
    assert sorted(p.name for p in folder.iterdir()) == names


def test_what_desktops_leave_behind_is_passed_over(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", png()), ("__MACOSX/._22.png", b"x"), ("set/.DS_Store", b"x"))
    assert [p.name for p in unpack(archive).iterdir()] == ["22.png"]


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("/etc/22.png", b"x")], r"unsafe path /etc/22\.png"),
        ([("../22.png", b"x")], r"unsafe path \.\./22\.png"),
        ([("a/../../22.png", b"x")], r"unsafe path a/\.\./\.\./22\.png"),
        ([("C:/22.png", b"x")], r"unsafe path C:/22\.png"),
        ([("22.png", png()), ("run.exe", b"x")], r"not a picture: run\.exe"),
        ([("22.png", png()), ("label", b"x")], r"not a picture: label"),
        ([(link("22.png"), b"/etc/passwd")], r"link or special file 22\.png"),
        ([("a/22.png", png()), ("b/22.png", png(1))], r"b/22\.png and a/22\.png would be one file"),
        ([("ab.png", png()), ("aB.png", png(1))], r"aB\.png and ab\.png would be one file"),
        ([], r"holds no picture"),
    ],
)
def test_an_unsafe_archive_is_refused_by_name_and_leaves_nothing(
    tmp_path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]], said: str
) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        unpack(pack(tmp_path / "a.zip", *entries))
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("22.png", png())
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr("22.png", png(1))
    with pytest.raises(CaptchaOcrError, match="would be one file"):
        unpack(archive)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_pictures": 1}, r"2 pictures, more than fetch\.max_pictures = 1"),
        ({"max_unpacked_mb": 0.0001}, r"unpacks to more than fetch\.max_unpacked_mb"),
    ],
)
def test_the_caps_name_their_parameter(tmp_path: Path, changes: dict, said: str) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", png()), ("33.png", png(1)))
    with pytest.raises(CaptchaOcrError, match=said):
        unpack(archive, **changes)


def test_a_zip_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", bytes(5_000_000)))
    with pytest.raises(CaptchaOcrError, match=r"22\.png unpacks to over 20 times its size"):
        unpack(archive)


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    """The directory says ten bytes; the entry unpacks to a megabyte."""
    archive = pack(tmp_path / "a.zip", ("22.png", bytes(1_000_000)))
    data = bytearray(archive.read_bytes())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    archive.write_bytes(data)
    with pytest.raises(CaptchaOcrError, match=r"is not a sound zip|unpacks to"):
        unpack(archive)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "no zip"])
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: str) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", png()), ("33.png", bytes(range(256)) * 20))
    data = bytearray(archive.read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 2]
    elif damage == "flipped":
        data[60] ^= 0xFF
    else:
        data = bytearray(b"<html>not found</html>")
    archive.write_bytes(data)
    with pytest.raises(CaptchaOcrError, match="is not a sound zip"):
        unpack(archive)
    assert not (tmp_path / "raw").exists()


def test_a_failed_unpacking_keeps_the_earlier_pictures(tmp_path: Path) -> None:
    unpack(pack(tmp_path / "a.zip", ("22.png", png())))
    with pytest.raises(CaptchaOcrError):
        unpack(pack(tmp_path / "a.zip", ("../22.png", png())))
    assert [p.name for p in (tmp_path / "raw").iterdir()] == ["22.png"]


def test_a_folder_obeys_the_same_rules(tmp_path: Path) -> None:
    source = tmp_path / "mine"
    (source / "deep").mkdir(parents=True)
    (source / "22.png").write_bytes(png())
    (source / "deep" / "33.png").write_bytes(png(1))
    copy_folder(source, tmp_path / "raw", SHIPPED)
    assert sorted(p.name for p in (tmp_path / "raw").iterdir()) == ["22.png", "33.png"]
    (source / "44.png").symlink_to("/etc/passwd")
    with pytest.raises(CaptchaOcrError, match=r"link 44\.png"):
        copy_folder(source, tmp_path / "raw2", SHIPPED)
