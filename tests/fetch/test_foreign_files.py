"""DVC deletes the outputs of a stage before it runs it. What no stage wrote must not be there then."""

import shutil
from pathlib import Path

import pytest
from dvc.exceptions import DvcException
from dvc.repo import Repo

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing, write_text
from captcha_ocr.base.written import written
from captcha_ocr.fetch import foreign_files
from captcha_ocr.fetch.foreign_files import check_outputs
from captcha_ocr.fetch.outputs import check_place, outputs
from tests.fetch.sources import written as files_in
from tests.modules import ROOT

PIPELINE = """
stages:
  locate:
    cmd: python -c "from captcha_ocr.fetch.foreign_files import check_outputs; check_outputs()" && touch state
    always_changed: true
    outs:
    - state: {persist: true}
  fetch:
    cmd: mkdir -p data/pictures reports && echo ours > data/pictures/part-0 && echo 1 > reports/n.json
    deps: [state]
    outs: [data/pictures]
    metrics:
    - reports/n.json: {cache: false}
"""


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout with an empty pipeline's outputs."""
    monkeypatch.chdir(tmp_path)
    Path("dvc.yaml").write_text(PIPELINE)


def refuses(*names: str) -> None:
    with pytest.raises(CaptchaOcrError, match="DVC would delete it: move it") as error:
        check_outputs()
    assert str(error.value).startswith(", ".join(names) + ": no stage wrote this")


def test_dvc_deletes_no_picture_of_the_user_s_and_what_it_noted_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    mine = files_in(tmp_path / "data" / "pictures", {"a.png": b"mine", "b.png": b"mine"})
    with Repo.init(no_scm=True) as repo:
        with pytest.raises(DvcException):
            repo.reproduce()
        assert "data/pictures/a.png, data/pictures/b.png: no stage wrote this" in capfd.readouterr().err
        assert len(list(mine.iterdir())) == 2
        mine.rename("pictures")
        repo.reproduce()
    check_outputs()  # DVC's cache has it
    shutil.rmtree(".dvc")
    check_outputs()
    Path(".cache/written.jsonl").unlink()
    check_outputs()  # dvc.lock describes it
    Path(".cache/written.jsonl").unlink()
    Path("dvc.lock").unlink()
    refuses("data/pictures/part-0", "reports/n.json")


def test_what_a_stage_wrote_is_known_whether_or_not_dvc_has_noted_it() -> None:
    with replacing(Path("data/pictures")) as draft:
        draft.mkdir()
        (draft / "part-0").write_text("ours")
    write_text(Path("reports/n.json"), "{}")
    check_outputs()
    Path("data/pictures/mine.png").write_text("mine")
    refuses("data/pictures/mine.png")
    Path("data/pictures/mine.png").unlink()
    Path("reports/n.json").write_text("mine")
    refuses("reports/n.json")


def test_a_user_s_file_behind_a_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    Path("mine/a.png").write_text("mine")
    Path("data").mkdir()
    Path("data/pictures").symlink_to(tmp_path / "mine")
    refuses("data/pictures/a.png")


def test_the_journal_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_files, "JOURNAL_LINES", 10)
    for number in range(20):
        write_text(Path("reports/n.json"), str(number))
    check_outputs()
    assert [name for name, *_ in written()] == ["reports/n.json"]


@pytest.mark.parametrize(
    "name", ["data/pictures", "./data/x/../pictures", "data/pictures/deep", "data", ".", "reports/mine", "link"]
)
def test_a_source_that_stages_would_delete_is_refused_however_it_is_written(tmp_path: Path, name: str) -> None:
    files_in(tmp_path, {"data/pictures/deep/a.png": b"x", "reports/mine/a.png": b"x", "data/x/a.png": b"x"})
    Path("link").symlink_to("data/pictures")
    for written_so in (name, str(tmp_path / name)):
        with pytest.raises(CaptchaOcrError, match=r"fetch\.source = .*what is there before is deleted"):
            check_place(written_so, "fetch.source")


@pytest.mark.parametrize("name", ["data/raw", "data/a.zip", "pictures", "labels.csv"])
def test_a_source_beside_the_outputs_is_taken(tmp_path: Path, name: str) -> None:
    files_in(tmp_path, {"data/raw/a.png": b"x", "data/a.zip": b"x", "pictures/a.png": b"x", "labels.csv": b"x"})
    check_place(name, "fetch.source")


def test_all_outputs_of_both_pipelines_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names = [output.pattern for path in ("dvc.yaml", "crossval/dvc.yaml") for output in outputs(Path(path))]
    assert {"data/pictures", "models/model.onnx", "reports/metrics.json"} <= set(names)
    assert "reports/crossval/fits/seed-*-fold-*.npz" in names
