from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.compare.candidates import Subject
from captcha_ocr.compare.candidates import subject as look_up
from captcha_ocr.compare.pairwise import ANEW, SAME, as_html, as_text, differing, versus
from captcha_ocr.network.samples import Pictures
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.scoring.paired import Paired
from tests.exported import exported, noise, untrained

LABELS = ["a1", "b1", "ab", "ba"]
NOBODY = Pictures([], [])


def subject(name: str, texts: list[str], seed: int = 0, model: bytes = b"") -> Subject:
    files = [f"{label}.png" for label in LABELS[: len(texts)]]
    frame = pd.DataFrame({"file": files, "label": LABELS[: len(texts)], "text": texts})
    return Subject(name, {"train": {"seed": seed, "epochs": 4}}, frame, model)


FIRST, SECOND = subject("mine", ["a1", "b1", "ab", "x"]), subject("theirs", ["a1", "<b>", "ab", ""], seed=1)


def test_readings_of_the_same_pictures_are_paired() -> None:
    found = versus(FIRST, SECOND, NOBODY)
    assert found.scored == SAME
    assert found.comparison == Paired(both=2, only_first=1, only_second=0, neither=1)
    assert [side.exact_match for side in found.sides] == [0.75, 0.5]
    assert found.parameters == [("train.seed", 0, 1)]
    text = as_text(found)
    assert "train.seed: 0 | 1" in text
    assert "b1.png: b1, which theirs reads as <b>" in text
    assert "read by theirs alone: 0" in text


def test_a_parameter_that_one_side_lacks_is_absent_and_a_null_is_none() -> None:
    assert differing({"a": {"b": None, "c": 1}}, {"a": {"c": 1, "d": 2}}) == [
        ("a.b", None, "absent"),
        ("a.d", "absent", 2),
    ]


def test_the_page_shows_the_pictures_and_escapes_what_was_read(tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "b1.png")
    page = as_html(versus(FIRST, SECOND, NOBODY), tmp_path)
    assert page.count("data:image/png;base64,") == 1
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "http" not in page


def test_models_of_different_test_pictures_both_read_the_current_ones(tmp_path: Path) -> None:
    model = exported(untrained()).SerializeToString()
    paths = []
    for i, pixels in enumerate(noise(3)):
        paths.append(tmp_path / f"{i}.png")
        Image.fromarray(pixels[:, :, 0]).save(paths[-1])
    texts = [reading.text for reading in Recognizer.from_bytes(model, "a").read(paths)]
    found = versus(subject("a", ["a1"], model=model), subject("b", ["a1", "b1"], model=model), Pictures(paths, texts))
    assert found.scored == ANEW
    assert found.comparison == Paired(both=3, only_first=0, only_second=0, neither=0)
    assert found.parameters == []
    assert "no parameter differs" in as_text(found)


@pytest.mark.parametrize("spec", ["0" * 32, "models:/nothing@champion", "models:/nothing/3"])
def test_what_the_store_does_not_know_is_named(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    with pytest.raises(CaptchaOcrError, match=f"{spec} is not in the store"):
        look_up(spec)
