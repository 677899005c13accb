from captcha_ocr.compare.fits import ComparedFit, announcement, most_seconds
from captcha_ocr.params.recipe import TrainParams
from tests.examples import FIT

KERAS_IO = ComparedFit("keras_io", "own")
TINY = ComparedFit("tiny", "project")


def params(architecture: str) -> TrainParams:
    """100 epochs of 50 batches of 8 pictures for 400 pictures."""
    return FIT.train.model_copy(update={"architecture": architecture, "epochs": 100})


def test_the_time_grows_with_the_pictures_that_are_shown() -> None:
    assert most_seconds(params("keras_io"), 400) == 100 * 400 * 0.0053
    assert most_seconds(params("keras_io"), 800) == 100 * 800 * 0.0053


def test_fits_and_minutes_are_announced() -> None:
    first, second = announcement({KERAS_IO: params("keras_io")}, 400).splitlines()
    assert first == "Fits, 1 in all: keras_io (as published)"
    assert second.startswith("On two cores about 4 min, if each goes to its last epoch;")


def test_an_architecture_that_was_not_measured_is_left_out_of_the_minutes_and_named() -> None:
    said = announcement({KERAS_IO: params("keras_io"), TINY: params("tiny")}, 400)
    assert "Fits, 2 in all: keras_io (as published), tiny (this project's)" in said
    assert "about 4 min, without tiny, whose time was not measured" in said


def test_before_the_pictures_are_known_no_time_is_announced() -> None:
    assert "can be said after `make repro`" in announcement({KERAS_IO: params("keras_io")}, None)
