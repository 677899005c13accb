"""Each kind of zip that must not be unpacked, and what is said of it."""

import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.containers.test_containers import contents
from tests.fetch.sources import pack, png


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (("../22.png", b"x"), r"unsafe path \.\./22\.png"),
        (("C:/22.png", b"x"), r"unsafe path C:/22\.png"),
        ((link("22.png"), b"/etc/passwd"), r"link or special file 22\.png"),
    ],
)
def test_an_unsafe_archive_is_refused_by_name(
    tmp_path: Path, entry: tuple[str | zipfile.ZipInfo, bytes], said: str
) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        contents(pack(tmp_path / "a.zip", ("11.png", png()), entry))


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = pack(tmp_path / "a.zip", ("22.png", png()), ("22.png", png(1)))
    with pytest.raises(CaptchaOcrError, match=r"22\.png is there more than once"):
        contents(archive)


def test_names_that_differ_by_case_or_folder_are_two_files(tmp_path: Path) -> None:
    names = ["a/ab.png", "a/aB.png", "b/ab.png"]
    assert set(contents(pack(tmp_path / "a.zip", *((name, png()) for name in names)))) == set(names)


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", png()))
    data = bytearray(archive.read_bytes())
    for start in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[start] |= 1
    archive.write_bytes(data)
    with pytest.raises(CaptchaOcrError, match=r"encrypted entry 22\.png: pack without a password"):
        contents(archive)


def test_a_zip_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("22.png", bytes(5_000_000)))
    with pytest.raises(CaptchaOcrError, match=r"22\.png unpacks to over 20 times its size.*raise fetch\.max_ratio"):
        contents(archive)


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    """The directory says ten bytes; the entry unpacks to a megabyte."""
    archive = pack(tmp_path / "a.zip", ("22.png", bytes(1_000_000)))
    data = bytearray(archive.read_bytes())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    archive.write_bytes(data)
    with pytest.raises(CaptchaOcrError, match=r"is not a sound zip|unpacks to"):
        contents(archive)


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
        contents(archive)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_to_gigabytes_at_once_is_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as zipped:
        zipped.writestr("22.png", png())
    with pytest.raises(CaptchaOcrError, match=rf"unusual compression: 22\.png \(method {method}\): pack with deflate"):
        contents(tmp_path / "a.zip")


def test_damage_of_any_byte_is_named(tmp_path: Path) -> None:
    """Each byte is once another: packed bytes, lengths, offsets, flags, the name."""
    content = pack(tmp_path / "a.zip", ("é.png", png())).read_bytes()
    refused = 0
    for place in range(len(content)):
        (tmp_path / "b.zip").write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            contents(tmp_path / "b.zip")
        except CaptchaOcrError:
            refused += 1
    assert refused > len(content) / 2


def test_a_name_with_a_null_byte_is_refused_and_not_cut_there(tmp_path: Path) -> None:
    content = pack(tmp_path / "a.zip", ("22.png?.exe", png())).read_bytes()
    (tmp_path / "a.zip").write_bytes(content.replace(b"?", b"\0"))
    with pytest.raises(CaptchaOcrError, match=r"'22\.png\\x00\.exe' is no name"):
        contents(tmp_path / "a.zip")


def test_entries_are_counted_whatever_the_archive_says_their_number_is(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", *((f"{number}.png", b"") for number in range(1010)))
    content = bytearray(archive.read_bytes())
    content[-14:-10] = b"\1\0\1\0"  # one entry, it says
    archive.write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=r"more than 1,003 files.*fetch\.max_pictures = 1"):
        contents(archive, max_pictures=1)


def test_entries_that_share_their_bytes_are_counted_each(tmp_path: Path) -> None:
    """A directory in which a thousand names lead to the same packed bytes (Fifield 2019)."""
    kernel = pack(tmp_path / "kernel.zip", ("00000.png", bytes(100_000) + random.Random(0).randbytes(10_000)))
    content = kernel.read_bytes()
    start = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    record = content[start:end]
    records = b"".join(record.replace(b"00000.png", b"%05d.png" % number) for number in range(1000))
    tail = bytearray(content[end:])
    tail[8:16] = struct.pack("<HHI", 1000, 1000, len(records))
    (tmp_path / "a.zip").write_bytes(content[:start] + records + tail)
    with pytest.raises(CaptchaOcrError, match=r"is not a sound zip|more than fetch\.max_unpacked_mb"):
        contents(tmp_path / "a.zip", max_unpacked_mb=5)
