"""The sheet of the augmentation, drawn from the files of the pipeline."""

import argparse
import io
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.cli import augmentation
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.overview.sheet import draw_sheet
from captcha_ocr.overview.variations import Inputs, only, vary
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import KINDS
from tests.modules import ROOT
from tests.overview.rows import rows
from tests.packed import packed, png

SMALL = complete_train_params(load_params(ROOT / "params.yaml").train).model_copy(update={"width": 64, "height": 20})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with four pictures of noise, after its stage `split`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "numpy")  # which the command sets
    frame = rows(["ab", "cd", "ef", "gh"], {"width": [64, 64, 64, 30], "height": [20] * 4})
    rng = np.random.default_rng(0)
    drawn = {
        row.file: png(Image.fromarray(rng.integers(0, 256, (row.height, row.width, 3), np.uint8)))
        for row in frame.itertuples()
    }
    packed(tmp_path / "data" / "pictures", {file: (content, "ab", None) for file, content in drawn.items()})
    missing = dict.fromkeys(("sha256", "error"), "") | dict.fromkeys(("bytes", "dark", "contrast", "joined_ink"), 0)
    Manifest.from_frame(frame.assign(**missing)).write(tmp_path / "data" / "manifest.csv")
    Splits.from_frame(frame).write(tmp_path / "data" / "splits.csv")
    values = yaml.safe_load((ROOT / "params.yaml").read_text())
    values["train"] |= {"width": 64, "height": 20, "augmentation_noise": 1.0}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    return tmp_path


def test_the_command_draws_the_sheet_and_the_same_one_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.png", "b.png"):
        assert augmentation.run(argparse.Namespace(to=Path(name))) == 0
    assert capsys.readouterr().out.splitlines() == ["wrote a.png", "wrote b.png"]
    assert (project / "a.png").read_bytes() == (project / "b.png").read_bytes()


def test_the_command_names_what_is_missing(project: Path) -> None:
    (project / "data" / "splits.csv").unlink()
    with pytest.raises(CaptchaOcrError, match=r"splits\.csv"):
        augmentation.run(argparse.Namespace(to=Path("a.png")))
    assert not (project / "a.png").exists()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_has_a_row_of_each_kind_below_the_pictures_as_they_are(project: Path, channels: int) -> None:
    pictures = PictureShards(project / "data" / "pictures").in_order(["0000.png", "0003.png"])
    params = SMALL.model_copy(update={"channels": channels, "fit": "pad"})
    sheet = Image.open(io.BytesIO(draw_sheet(pictures, params)))  # a file of this test
    assert sheet.mode == {1: "L", 3: "RGB"}[channels]
    assert sheet.height > (1 + len(KINDS)) * params.height


@pytest.mark.parametrize("kind", ["affine", "noise", "erasing"])
def test_a_kind_alone_has_its_strength_and_one_that_is_off_has_strength_one(kind: str) -> None:
    params = SMALL.model_copy(update={"augmentation": 0.5, "augmentation_noise": 0.5})
    found = {other: only(kind, params).augmentation_of(other) for other in KINDS}
    strength = {"affine": 0.5, "noise": 0.25, "erasing": 1.0}[kind]
    assert found == dict.fromkeys(KINDS, 0.0) | {kind: strength}


def test_the_versions_of_a_picture_differ() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 20, 64, 1)).astype(np.uint8)
    inputs = Inputs(pixels, np.array([[20, 64]]))
    versions = vary(inputs, SMALL.model_copy(update={"augmentation_noise": 1.0}), 6)
    assert len(np.unique(versions.reshape(6, -1), axis=0)) == 6
