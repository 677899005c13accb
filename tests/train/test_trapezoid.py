import numpy as np
import pytest

from captcha_ocr.network.architectures.small import RECIPE
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.train.trapezoid import Losses, fall_start, is_settled, last_epoch, rate


def recipe(**changes: object) -> Recipe:
    return RECIPE.model_copy(
        update={"epochs": 90, "min_epochs": 12, "learning_rate": 0.1, "warmup_epochs": 1, **changes}
    )


def losses(course: np.ndarray, pictures: int, noise: float, seed: int = 0) -> Losses:
    """[epochs, pictures]: pictures of very different loss that follow one course, each with noise of its own."""
    random = np.random.default_rng(seed)
    of_pictures = random.exponential(1, pictures)
    return course[:, None] * of_pictures * np.exp(random.normal(0, noise, (len(course), pictures)))


EPOCHS = np.arange(1, 61)


@pytest.mark.parametrize("pictures", [100, 1000])
@pytest.mark.parametrize("seed", range(5))
def test_a_fit_whose_loss_still_falls_by_the_root_of_its_length_has_not_settled(pictures: int, seed: int) -> None:
    falling = losses(EPOCHS**-0.5, pictures, noise=0.3, seed=seed)
    assert not any(is_settled(falling[:n]) for n in range(12, 61))


@pytest.mark.parametrize("seed", range(5))
def test_a_loss_that_falls_no_more_has_settled_though_its_noise_goes_on(seed: int) -> None:
    flat = losses(np.maximum(1 / EPOCHS, 0.1), 100, noise=0.3, seed=seed)
    assert not is_settled(flat[:10])
    assert is_settled(flat)


def test_one_wrongly_labelled_picture_whose_loss_grows_hides_no_progress() -> None:
    falling = losses(EPOCHS**-0.5, 100, noise=0.1)
    falling[:, 0] = 10.0 * EPOCHS
    assert not is_settled(falling)


def test_few_epochs_settle_nothing() -> None:
    assert not is_settled(np.ones((5, 100)))


def test_the_fall_begins_no_earlier_than_the_recipe_allows_and_no_later_than_it_can_end() -> None:
    flat, falling, cers = np.ones((60, 10)), losses(EPOCHS**-1.0, 100, noise=0), [0.1] * 60
    assert fall_start(flat[:11], cers, recipe()) is None
    assert fall_start(flat, cers, recipe()) == 12
    assert fall_start(falling[:59], cers, recipe()) is None
    assert fall_start(falling, cers, recipe()) == 60
    assert last_epoch(60) == 90
    assert fall_start(flat[:1], cers, recipe(epochs=1)) == 1


def test_a_network_that_reads_nothing_has_not_settled() -> None:
    flat = np.ones((60, 10))
    assert fall_start(flat[:59], [1.0] * 59, recipe()) is None
    assert fall_start(flat, [1.0] * 20 + [0.1] * 40, recipe()) == 21


def test_the_rate_rises_over_the_warm_up_stays_and_falls_to_zero() -> None:
    rising = [rate(step, 4, None, recipe()) for step in range(6)]
    assert rising == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1, 0.1])
    falling = [rate(step, 4, 2, recipe()) for step in range(7, 13)]
    assert falling == pytest.approx([0.1, 0.1, 0.075, 0.05, 0.025, 0.0])
