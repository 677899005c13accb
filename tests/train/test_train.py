import numpy as np
import pytest

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.train.checkpoint import Checkpoint, FitState
from captcha_ocr.train.train import check_labels_fit, train
from tests.modules import ROOT

SMALL = {"width": 64, "height": 16}
SHIPPED = complete_train_params(load_params(ROOT / "params.yaml").train).model_copy(update=SMALL)


def samples(labels: list[str]) -> Samples:
    inputs = np.random.default_rng(0).integers(0, 255, (len(labels), 16, 64, 1)).astype(np.uint8)
    return Samples([f"{i}.png" for i in range(len(labels))], labels, inputs)


def test_a_label_that_cannot_fit_is_named_with_the_steps_it_needs() -> None:
    with pytest.raises(CaptchaOcrError, match=r"4 time steps, .*: 1\.png \(5\)\. Raise train\.width"):
        check_labels_fit(samples(["abab", "aaa"]), time_steps=4)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # which is what is staged
def test_a_rate_that_ruins_the_weights_is_said_with_the_epoch() -> None:
    data = samples(["ab", "ba", "a", "b"] * 4)
    params = SHIPPED.model_copy(update={"learning_rate": 1e30, "schedule": "constant", "clip_norm": 0.0, "ema": 0.0})
    with pytest.raises(CaptchaOcrError, match=r"epoch \d+: the loss is .*train\.learning_rate"):
        train(data, data, Codec("ab"), params, lambda epoch: None)


def test_an_observer_may_end_the_fit() -> None:
    data = samples(["ab", "ba", "a", "b"] * 2)
    seen: list[Epoch] = []

    def observe(epoch: Epoch) -> bool:
        seen.append(epoch)
        return len(seen) == 2

    assert train(data, data, Codec("ab"), SHIPPED, observe).history == seen


def test_a_checkpoint_gives_back_what_was_saved(tmp_path) -> None:
    checkpoint = Checkpoint(tmp_path / "fit")
    assert checkpoint.load() is None
    many = [np.full((2, 2), i, dtype=np.float32) for i in range(12)]
    checkpoint.save(FitState(many, many[:1], [{"epoch": 1}], np.ones((1, 3))))
    state = checkpoint.load()
    assert state is not None
    assert state.history == [{"epoch": 1}]
    np.testing.assert_array_equal(state.variables, many)
    np.testing.assert_array_equal(state.losses, np.ones((1, 3)))
    checkpoint.clear()
    assert checkpoint.load() is None
