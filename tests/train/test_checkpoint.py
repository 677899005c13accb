import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.train.checkpoint import Checkpoint, FitState

EPOCH = {"epoch": 1, "pictures": 8, "loss": 1.0}
EPOCH |= {"val_loss": 1.0, "val_cer": 0.5, "val_exact_match": 0.5, "learning_rate": 1e-3}
STATE = FitState([np.arange(9.0)], [np.ones(3)], [{**EPOCH, "seconds": 1.0}], np.ones((1, 2)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a fit that was killed after its first epoch has left."""
    with Checkpoint(tmp_path / "fit").open() as checkpoint:
        checkpoint.attempt()
        checkpoint.save(STATE)
    return checkpoint.folder


def test_a_killed_fit_resumes_under_the_same_id(folder: Path) -> None:
    before = Checkpoint(folder).attempt()
    with Checkpoint(folder).open() as checkpoint:
        assert not checkpoint.is_new
        assert checkpoint.attempt() == before
        state = checkpoint.load()
    assert state is not None
    assert [Epoch(**row) for row in state.history] == [Epoch(**row) for row in STATE.history]
    np.testing.assert_array_equal(state.variables, STATE.variables)


def other_history(rows: object) -> Callable[[Path], object]:
    """Puts another history into the state."""
    return lambda folder: np.savez(folder / "state.npz", history=np.array(json.dumps(rows)), variable_00000=np.ones(3))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "an empty state": lambda folder: (folder / "state.npz").write_bytes(b""),
    "a short state": lambda folder: (folder / "state.npz").write_bytes((folder / "state.npz").read_bytes()[:300]),
    "a zeroed state": lambda folder: (folder / "state.npz").write_bytes(bytes(500)),
    "one array": lambda folder: np.save((folder / "state.npz").open("wb"), np.ones(3)),
    "no history": lambda folder: np.savez(folder / "state.npz", a=np.ones(3)),
    "a history of other rows": other_history([{"epoch": 1}]),
    "a history of numbers": other_history([1]),
    "a number for the history": other_history(1),
    "an empty id": lambda folder: (folder / "attempt").write_text(""),
    "a zeroed id": lambda folder: (folder / "attempt").write_bytes(bytes(32)),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_state_is_dropped_with_a_word_and_the_fit_is_new(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Checkpoint(folder).attempt()
    DAMAGE[kind](folder)
    with Checkpoint(folder).open() as checkpoint:
        assert f"{folder} is damaged" in capsys.readouterr().out
        assert checkpoint.is_new
        assert checkpoint.load() is None
        assert checkpoint.attempt() != before


def test_the_same_fit_is_not_made_twice_at_once(folder: Path) -> None:
    with (
        Checkpoint(folder).open() as checkpoint,
        pytest.raises(CaptchaOcrError, match="is writing the state of the same fit"),
        Checkpoint(folder).open(),
    ):
        pass
    checkpoint.clear()
    with Checkpoint(folder).open() as again:
        assert again.is_new
