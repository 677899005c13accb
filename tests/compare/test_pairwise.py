from dataclasses import replace
from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.compare.candidates import Candidate
from captcha_ocr.compare.pairwise import (
    READ_AGAIN,
    SAME_PICTURES,
    Misreading,
    as_html,
    as_text,
    compare_pair,
    differing,
)
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.paired import Paired
from tests.examples import predictions
from tests.exported import exported, noise, untrained
from tests.packed import packed, png

LABELS = ["a1", "b1", "ab", "ba"]
NO_PICTURES = LabelledPictures(PictureShards(Path()), [], [])


def candidate(name: str, texts: list[str], seed: int = 0, model: bytes = b"") -> Candidate:
    params = {"train": {"seed": seed, "epochs": 4}}
    return Candidate(name, params, predictions(LABELS[: len(texts)], texts), model)


FIRST, SECOND = candidate("mine", ["a1", "b1", "ab", "x"]), candidate("theirs", ["a1", "<b>", "ab", ""], seed=1)


def test_readings_of_the_same_pictures_are_paired() -> None:
    found = compare_pair(FIRST, SECOND, NO_PICTURES)
    assert found.scored == SAME_PICTURES
    assert found.paired == Paired(both=2, only_first=1, only_second=0, neither=1)
    assert [(side.exact.share, side.exact.low, side.exact.high) for side in found.sides] == [
        (0.75, *wilson_interval(3, 4)),
        (0.5, *wilson_interval(2, 4)),
    ]
    assert found.read_by_one == ([Misreading("b1.png", "b1", "<b>")], [])
    assert found.parameters == [("train.seed", 0, 1)]


def test_recorded_readings_are_paired_by_picture_in_whatever_order_they_are() -> None:
    turned = replace(SECOND, predictions=predictions(LABELS[::-1], SECOND.predictions.text.tolist()[::-1]))
    assert compare_pair(FIRST, turned, NO_PICTURES) == compare_pair(FIRST, SECOND, NO_PICTURES)


def test_the_text_says_what_differs_and_what_only_one_side_reads() -> None:
    text = as_text(compare_pair(FIRST, SECOND, NO_PICTURES))
    assert "train.seed: 0 | 1" in text
    assert "read by mine alone: 1\n  b1.png: b1, which theirs reads as <b>" in text
    assert "read by theirs alone: 0" in text


def test_a_parameter_that_one_side_lacks_is_absent_and_a_null_is_none() -> None:
    assert differing({"a": {"b": None, "c": 1}}, {"a": {"c": 1, "d": 2}}) == [
        ("a.b", None, "absent"),
        ("a.d", "absent", 2),
    ]


def test_the_page_shows_the_pictures_and_escapes_what_was_read(tmp_path: Path) -> None:
    shards = packed(tmp_path / "pictures", {"b1.png": (png(Image.new("L", (4, 4))), None, None)})
    page = as_html(compare_pair(FIRST, SECOND, NO_PICTURES), shards)
    assert page.count("data:image/png;base64,") == 1
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "http:" not in page
    assert "https:" not in page


def test_models_of_different_test_pictures_both_read_the_current_ones(tmp_path: Path) -> None:
    model = exported(untrained()).SerializeToString()
    contents = [png(Image.fromarray(pixels[:, :, 0])) for pixels in noise(3)]
    texts = [reading.text for reading in Recognizer.from_bytes(model, "a").read(contents)]
    pictures = {f"{i}.png": (content, None, None) for i, content in enumerate(contents)}
    shards = packed(tmp_path / "pictures", pictures)
    first, second = candidate("a", ["a1"], model=model), candidate("b", ["a1", "b1"], model=model)
    found = compare_pair(first, second, LabelledPictures(shards, list(pictures), texts))
    assert found.scored == READ_AGAIN
    assert found.paired == Paired(both=3, only_first=0, only_second=0, neither=0)
    assert found.parameters == []
    assert "no parameter differs" in as_text(found)
