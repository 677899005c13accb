import os
import subprocess
from pathlib import Path

import pytest

from captcha_ocr.base.drafts import sweep_drafts
from captcha_ocr.base.files import replacing, write_bytes
from tests.modules import ROOT


def in_folder(folder: Path) -> dict[str, str]:
    """The content of each file below `folder` by its path."""
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_a_file_keeps_its_content_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")
    with pytest.raises(UnicodeEncodeError), replacing(path) as draft, draft.open("w", encoding="ascii") as file:
        file.write("half ü")
    assert in_folder(tmp_path) == {"a.txt": "old"}


def test_a_folder_keeps_its_content_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "pages"
    for number in range(3):
        with replacing(path) as draft:
            draft.mkdir()
            (draft / f"{number}.txt").write_text("x")
            assert len(in_folder(path)) == min(number, 1)
    assert in_folder(tmp_path) == {"pages/2.txt": "x"}


def test_a_full_disk_at_the_last_moment_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(path, b"new", durable=True)
    assert in_folder(tmp_path) == {"a.txt": "old"}


def ended_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_drafts_of_ended_processes_are_removed_and_nothing_else(tmp_path: Path) -> None:
    ended = ended_process()
    (tmp_path / f".draft-{ended}-a.txt").write_text("half")
    (tmp_path / f".draft-{ended}-pages").mkdir()
    (tmp_path / f".draft-{ended}-pages" / "a.html").write_text("half")
    (tmp_path / ".draft-of-a-user.txt").write_text("x")
    with replacing(tmp_path / "b.txt") as draft:
        draft.write_text("y")
        sweep_drafts(tmp_path)
    assert in_folder(tmp_path) == {"b.txt": "y", ".draft-of-a-user.txt": "x"}


def test_a_draft_is_removed_although_a_younger_process_has_the_number_of_its_writer(tmp_path: Path) -> None:
    draft = tmp_path / f".draft-{os.getpid()}-a.txt"
    draft.write_text("half")
    os.utime(draft, (0, 0))
    sweep_drafts(tmp_path)
    assert not draft.exists()


@pytest.mark.parametrize("folder", [".", "data", "reports/crossval", "mlruns"])
def test_git_ignores_drafts(folder: str, tmp_path: Path) -> None:
    with replacing(tmp_path / "model.keras") as draft:
        draft.touch()
    words = ["git", "check-ignore", "--quiet", f"{folder}/{draft.name}"]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == 0
