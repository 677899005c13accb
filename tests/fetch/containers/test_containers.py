"""What holds for a folder, a zip and a tar alike."""

import os
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.containers.names import wanted_names
from tests.fetch.sources import SHIPPED, Kind, png, source_of

kinds = pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
FILES = {"set/22.png": png(1), "set/deep/33.PNG": png(2), "set/readme.txt": b"read me"}


def contents(source: Path, **changes: object) -> dict[str, bytes]:
    with open_source(source, SHIPPED.fetch.model_copy(update=changes)) as files:
        found = {name: files.read(name) for name in files.names}
        assert all(files.local(name).read_bytes() == content for name, content in found.items())
        return found


@kinds
def test_files_come_out_whole_with_their_folders_and_sorted(tmp_path: Path, kind: Kind) -> None:
    found = contents(source_of(tmp_path, dict(reversed(FILES.items())), kind))
    assert found == FILES
    assert list(found) == sorted(FILES)


@kinds
def test_what_desktops_leave_behind_is_passed_over(tmp_path: Path, kind: Kind) -> None:
    left = {"__MACOSX/set/._22.png": b"x", "set/.DS_Store": b"x", "set/Thumbs.db": b"x"}
    assert contents(source_of(tmp_path, FILES | left, kind)) == FILES


@kinds
def test_files_that_are_to_be_ignored_are(tmp_path: Path, kind: Kind) -> None:
    source = source_of(tmp_path, FILES | {"set/deep/test.py": b"x", "old/22.png": png(), "set/x.TXT": b"x"}, kind)
    ignored = contents(source, ignore=("*.py", "old/*", "*.TXT"))
    assert ignored == FILES


@kinds
def test_a_size_beyond_the_limit_names_the_parameter(tmp_path: Path, kind: Kind) -> None:
    with pytest.raises(CaptchaOcrError, match=r"more than fetch\.max_unpacked_mb"):
        contents(source_of(tmp_path, FILES, kind), max_unpacked_mb=0.0001)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a", "a.csv"])
def test_a_source_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaptchaOcrError, match=r"does not exist: name a folder, a zip"):
        contents(tmp_path / name)


@pytest.mark.parametrize(
    "name", ["/etc/22.png", "../22.png", "a/../../22.png", "C:/22.png", "a\\22.png", "a//22.png", "a/./22.png", ""]
)
def test_an_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(CaptchaOcrError, match="unsafe path"):
        wanted_names([name], "a.zip", SHIPPED.fetch)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    source = source_of(tmp_path, FILES)
    (source / "44.png").symlink_to("/etc/passwd")
    (source / "linked").symlink_to("/etc")
    with pytest.raises(
        CaptchaOcrError, match=r"link or special file 44\.png, linked: replace links by the files themselves"
    ):
        contents(source)


@pytest.mark.parametrize(
    "name", ["a\x1b[2J.png", "a\n.png", "a\0.png", "a\x7f.png", "a\x85.png", "\u2028.png", "\udcff.png"]
)
def test_a_name_that_no_line_of_text_can_hold_is_refused_and_shown_escaped(name: str) -> None:
    with pytest.raises(CaptchaOcrError, match="is no name that can be written in UTF-8 on one line") as error:
        wanted_names([name], "a.zip", SHIPPED.fetch)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("name", ["é" * 126 + ".png", "a/" * 2050 + "b"])
def test_a_name_that_no_file_system_holds_is_refused(name: str) -> None:
    with pytest.raises(CaptchaOcrError, match="more than 255 bytes in a name or 4096 in a path"):
        wanted_names([name], "a.zip", SHIPPED.fetch)


def test_names_of_any_script_are_taken() -> None:
    names = ["été.png", "日本.png", "नमस्ते\u200d.png", " .png", "a b.png"]
    assert wanted_names(names, "a.zip", SHIPPED.fetch) == sorted(names)


def test_a_folder_that_cannot_be_read_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of(tmp_path, FILES)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)  # root may read everything
    with pytest.raises(CaptchaOcrError, match=r"set/deep cannot be read \(Permission denied\)"):
        contents(source)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_file_whose_name_is_another_s_folder_is_refused_where_it_is_unpacked(tmp_path: Path, kind: Kind) -> None:
    with open_source(source_of(tmp_path, {"a.png": png(), "a.png/b.png": png()}, kind), SHIPPED.fetch) as files:
        files.local("a.png")
        with pytest.raises(CaptchaOcrError, match=r"a\.png/b\.png cannot be unpacked"):
            files.local("a.png/b.png")
