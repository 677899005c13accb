"""What each change makes of pictures, and what it leaves as it is."""

import numpy as np
import pytest

from captcha_ocr.augmentation.batch import CHANGES, OF_EACH_LEVEL, augment, strengths
from captcha_ocr.params.recipe import KINDS, Recipe

RECIPE = Recipe(width=48, height=32, epochs=1, batch_size=8, learning_rate=0.1, patience=1, augmentation=1.0)
CHANNELS = (1, 3)
ALL = dict.fromkeys(CHANGES, 1.0)


def pictures(channels: int, ground: int = 230) -> np.ndarray:
    """Sixteen equal pictures: two bars of different colours on a plain ground."""
    pixels = np.full((16, 32, 48, channels), ground, np.uint8)
    pixels[:, 6:26, 8:14] = (60, 90, 20)[:channels]
    pixels[:, 8:24, 20:26] = (20, 40, 160)[:channels]
    return pixels


def sizes(height: int = 32, width: int = 48) -> np.ndarray:
    return np.tile([height, width], (16, 1))


def changed(pixels: np.ndarray, strengths: dict[str, float], seed: int = 0) -> np.ndarray:
    return augment(pixels, sizes(*pixels.shape[1:3]), strengths, (seed,))


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_kind_changes_some_pictures_each_in_its_own_way_and_not_their_form(kind: str, channels: int) -> None:
    before = pictures(channels)
    after = changed(before, {kind: 1.0})
    assert (after.shape, after.dtype) == (before.shape, before.dtype)
    np.testing.assert_array_equal(before, pictures(channels))  # nothing is changed in place
    ways = 1 if (kind, channels) == ("colour", 1) else 4
    assert len(np.unique(after.reshape(16, -1), axis=0)) >= ways


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind != "colour"])
def test_a_lower_strength_changes_less(kind: str) -> None:
    before = pictures(1)
    weak, strong = (np.abs(changed(before, {kind: s}) - before.astype(float)).mean() for s in (0.1, 1.0))
    assert weak < 0.6 * strong


def test_a_kind_of_strength_zero_is_left_out_and_without_any_pictures_stay() -> None:
    assert strengths(RECIPE) == {}  # the default: affine alone, which is not made here
    assert strengths(RECIPE.model_copy(update={"augmentation_blur": 0.5}), share=0.5) == {"blur": 0.25}
    assert strengths(RECIPE.model_copy(update={"augmentation_blur": 0.5}), share=0) == {}
    np.testing.assert_array_equal(changed(pictures(3), {}), pictures(3))


def test_every_kind_of_the_parameters_is_made() -> None:
    assert {"affine", *CHANGES} == set(KINDS)


@pytest.mark.parametrize("channels", CHANNELS)
def test_the_seed_repeats_the_changes(channels: int) -> None:
    first = changed(pictures(channels), ALL, seed=3)
    np.testing.assert_array_equal(changed(pictures(channels), ALL, seed=3), first)
    assert not np.array_equal(changed(pictures(channels), ALL, seed=4), first)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("kind", CHANGES)
def test_padding_stays_and_follows_the_ground_in_its_level_only(kind: str, channels: int) -> None:
    """Of 32 × 48 pixels 24 × 30 are the picture: columns are free at the right, rows above and below."""
    before = pictures(channels)
    after = augment(before, sizes(24, 30), {kind: 2.0}, (0,))
    padding = np.ones(before.shape[1:3], bool)
    padding[4:28, :30] = False
    if kind in OF_EACH_LEVEL:
        # A corner of the ground, which neither bar covers.
        np.testing.assert_array_equal(after[:, padding], np.broadcast_to(after[:, 4:5, 0], after[:, padding].shape))
    else:
        np.testing.assert_array_equal(after[:, padding], before[:, padding])


def test_the_ground_of_a_padded_picture_is_changed_up_to_its_edge() -> None:
    """By the pixels alone, it could not be told from the padding."""
    plain = np.full((16, 32, 48, 1), 200, np.uint8)
    after = augment(plain, sizes(32, 30), {"noise": 1.0}, (0,))
    assert (after[:, :, 29] != 200).any()
    assert (after[:, :, 30:] == 200).all()


def test_bending_brings_nothing_into_a_plain_picture() -> None:
    plain = np.full((16, 32, 48, 3), 200, np.uint8)
    assert (changed(plain, {"elastic": 4.0}) == 200).all()


def test_grey_stays_grey_where_colours_are_mixed_but_for_the_tint() -> None:
    """A grey pixel may be tinted by at most 15 %, and the levels of black stay 0."""
    grey = np.full((16, 32, 48, 3), 100, np.uint8)
    after = changed(grey, {"colour": 1.0}).astype(int)
    assert np.abs(after - 100).max() <= 16
    assert (changed(np.zeros_like(grey), {"colour": 1.0}) == 0).all()
