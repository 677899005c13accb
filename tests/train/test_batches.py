import numpy as np
import pytest

from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.batches import epoch_batches


def recipe(**changes: float) -> TrainParams:
    values = {"width": 64, "height": 16, "epochs": 10, "batch_size": 4, "learning_rate": 0.1, "patience": 1}
    return TrainParams.model_validate(
        values | {"architecture": "a", "recipe": "own", "precision": "auto", "seed": 3} | changes
    )


@pytest.mark.parametrize("pictures", [1, 3, 16, 17, 30])
def test_every_picture_is_seen_once_before_any_is_seen_again(pictures: int) -> None:
    params = recipe(epoch_steps=3)
    seen = np.concatenate([epoch_batches(pictures, params, epoch).ravel() for epoch in range(10)])
    for start in range(0, len(seen) - pictures, pictures):
        assert sorted(seen[start : start + pictures]) == list(range(pictures))


def test_the_order_differs_between_passes_and_seeds_and_comes_again() -> None:
    orders = [epoch_batches(16, recipe(seed=seed), epoch).tolist() for seed in (0, 1) for epoch in (0, 1)]
    assert all(orders.count(order) == 1 for order in orders)
    assert epoch_batches(16, recipe(seed=1), 1).tolist() == orders[3]
