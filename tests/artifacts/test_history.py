from pathlib import Path

from captcha_ocr.artifacts.history import History
from tests.examples import EPOCHS


def test_epochs_are_read_as_they_were_written(tmp_path: Path) -> None:
    History.from_rows(EPOCHS).write_to(tmp_path)
    epochs = History.read_from(tmp_path).epochs()
    assert epochs == EPOCHS
    assert isinstance(epochs[0].epoch, int)


def test_seconds_count_to_the_first_epoch_that_reaches_a_share() -> None:
    history = History.from_rows(EPOCHS)  # n / 50 are read exactly after n / 9 seconds
    assert history.seconds_to(0.1) == 5 / 9
    assert history.seconds_to(0.11) == 6 / 9
    assert history.seconds_to(0.99) is None


def test_the_metrics_of_an_epoch_are_all_but_its_number() -> None:
    assert set(EPOCHS[0].metrics()) == set(History.columns()) - {"epoch"}
