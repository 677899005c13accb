"""`captcha-ocr suspects` and `captcha-ocr correct` in a project's folder."""

import argparse
import shutil
from pathlib import Path

import onnx
import pytest
from PIL import Image

from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.cli import suspects
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained
from tests.modules import ROOT
from tests.packed import packed, png


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set of two pictures, the second with a wrong label, and a model that is sure of its readings."""
    network = untrained()
    network.layers[-1].set_weights([weight * 30 for weight in network.layers[-1].get_weights()])
    (tmp_path / "models").mkdir()
    onnx.save(exported(network), tmp_path / "models" / "model.onnx")
    contents = [png(Image.fromarray(pixels[:, :, 0])) for pixels in noise(2)]
    right = Recognizer.load(tmp_path / "models" / "model.onnx").read(contents[0]).text
    labels = {"0.png": right, "1.png": "bbbb"}
    rows = {name: (content, labels[name], None) for name, content in zip(labels, contents, strict=True)}
    packed(tmp_path / "data" / "pictures", rows)
    splits = ({"file": name, "label": label, "split": "train"} for name, label in labels.items())
    Splits.from_rows(splits).write(tmp_path / "data" / "splits.csv")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    suspects.add_parser(parser.add_subparsers())
    args = parser.parse_args(words)
    return int(args.run(args))


def test_a_suspect_is_listed_corrected_and_the_way_back_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("suspects") == 0
    said = capsys.readouterr().out
    assert "train: 1 of 2 pictures" in said
    assert "may have learnt wrong labels of train by heart" in said
    assert (folder / "suspects.csv").read_text().splitlines()[1].startswith("1.png,bbbb,")
    (folder / "corrections.csv").write_text("file,text\n1.png,new\n")
    assert run("correct", "corrections.csv", "--to", "labels.csv") == 0
    said = capsys.readouterr().out
    assert "1.png: bbbb is now new" in said
    assert "fetch.table to labels.csv" in said
    assert (folder / "labels.csv").read_text().splitlines()[2] == "1.png,new"


def test_a_table_of_labels_is_not_overwritten_with_suspects(folder: Path) -> None:
    (folder / "labels.csv").write_text("file,text\n")
    with pytest.raises(CaptchaOcrError, match="is no list of suspects"):
        run("suspects", "--to", "labels.csv")
    assert (folder / "labels.csv").read_text() == "file,text\n"
