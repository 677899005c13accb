"""Each kind of tar that must not be unpacked, and what is said of it."""

import io
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.containers.test_containers import contents
from tests.fetch.sources import png


def tar(path: Path, *entries: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    """A tar, compressed as its ending says; all entries are of the type `kind`."""
    packing = path.suffix.removeprefix(".").replace("tgz", "gz").replace("tar", "")
    with tarfile.open(path, f"w:{packing}") as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz", "A.TAR.GZ"])
def test_a_tar_may_be_compressed_in_any_usual_way(tmp_path: Path, name: str) -> None:
    archive = tar(tmp_path / name.lower(), ("./set/22.png", png(1)), ("set/33.png", png(2))).rename(tmp_path / name)
    assert contents(archive) == {"set/22.png": png(1), "set/33.png": png(2)}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_special_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(CaptchaOcrError, match=r"link or special file 22\.png: pack the files themselves"):
        contents(tar(tmp_path / "a.tar", ("22.png", b""), kind=kind))


@pytest.mark.parametrize("name", ["/etc/22.png", "../22.png", "./../22.png"])
def test_an_unsafe_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaptchaOcrError, match=r"unsafe path .*22\.png"):
        contents(tar(tmp_path / "a.tar", (name, png())))


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"22\.png is there more than once"):
        contents(tar(tmp_path / "a.tar", ("22.png", png()), ("./22.png", png(1))))


def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"the archive unpacks to over 20 times its size"):
        contents(tar(tmp_path / "a.tar.gz", ("22.png", bytes(5_000_000))))


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("damage", ["truncated", "no tar"])
def test_a_damaged_archive_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    archive = tar(tmp_path / name, ("22.png", png()), ("33.png", bytes(range(256)) * 200))
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2] if damage == "truncated" else b"<html>not found</html>" * 40)
    with pytest.raises(CaptchaOcrError, match="is not a sound tar"):
        contents(archive)


def block(name: str = "22.png", size: int = 0, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A header that tells of any size, with nothing behind it."""
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def pax(text: str) -> bytes:
    """An extended header that says `text`, and the one that it belongs to."""
    content = text.encode()
    return block("x", len(content), tarfile.XHDTYPE) + content.ljust(512, b"\0") + block()


END = bytes(1024)
GIB = 1 << 30


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(block(size=-512) * 2 + END, id="a size below zero, which leads back to the same header"),
        pytest.param(block(size=1 << 62) + END, id="a size beyond any disk"),
        pytest.param(block(size=GIB, kind=tarfile.GNUTYPE_LONGNAME) + END, id="a name of a gigabyte"),
        pytest.param(block(size=GIB, kind=tarfile.XHDTYPE) + END, id="a header of a gigabyte"),
        pytest.param(block(size=GIB, kind=tarfile.XGLTYPE) + END, id="a global header of a gigabyte"),
        pytest.param(pax("11 size=-1\n") + END, id="a size below zero in an extended header"),
        pytest.param(pax("30 GNU.sparse.size=none\n") + END, id="a sparse size that is no number"),
        pytest.param(pax("9" * 5000 + " a=b\n") + END, id="a length of thousands of digits"),
        pytest.param(block(kind=tarfile.XHDTYPE) * 3000 + END, id="thousands of headers for one file"),
        pytest.param(block() + b"\xff" * 512 + block("33.png") + END, id="a damaged header before the last file"),
        pytest.param(block() + END + block("33.png") + END, id="an archive behind the end of another"),
        pytest.param(block(), id="no end"),
    ],
)
def test_a_header_that_lies_is_refused_and_costs_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    tracemalloc.start()
    with pytest.raises(CaptchaOcrError, match=r"not a sound tar|more than fetch\.max_unpacked_mb"):
        contents(tmp_path / "a.tar")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_sparse_file_which_is_terabytes_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(block(kind=tarfile.GNUTYPE_SPARSE) + END)
    with pytest.raises(CaptchaOcrError, match=r"link or special file 22\.png"):
        contents(tmp_path / "a.tar")


def test_files_are_counted_as_they_are_read(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tar", *((f"{number}.png", b"") for number in range(1010)))
    with pytest.raises(CaptchaOcrError, match=r"more than 1,003 files.*fetch\.max_pictures = 1"):
        contents(archive, max_pictures=1)
