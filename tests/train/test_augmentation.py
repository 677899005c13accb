import numpy as np
from keras import ops

from captcha_ocr.train.augmentation import RandomAffine

PICTURES = np.random.default_rng(0).integers(0, 255, (4, 16, 48, 1)).astype(np.uint8)


def numpy(x: object) -> np.ndarray:
    return ops.convert_to_numpy(x)


def test_outside_training_pictures_pass_untouched() -> None:
    np.testing.assert_array_equal(numpy(RandomAffine(1.0, seed=0)(PICTURES, training=False)), PICTURES)


def test_strength_zero_is_the_identity() -> None:
    np.testing.assert_array_equal(numpy(RandomAffine(0.0, seed=0)(PICTURES, training=True)), PICTURES)


def test_the_share_scales_the_strength() -> None:
    affine = RandomAffine(1.0, seed=0)
    affine.share.assign(0)
    np.testing.assert_allclose(numpy(affine(PICTURES, training=True)), PICTURES, atol=1e-3)
    half, whole = RandomAffine(1.0, seed=5), RandomAffine(0.5, seed=5)
    half.share.assign(0.5)
    np.testing.assert_array_equal(numpy(half(PICTURES, training=True)), numpy(whole(PICTURES, training=True)))


def test_pictures_of_a_batch_are_mapped_differently_and_the_seed_repeats_them() -> None:
    same = np.repeat(PICTURES[:1], 4, axis=0)
    first = numpy(RandomAffine(1.0, seed=3)(same, training=True))
    assert not np.allclose(first[0], first[1])
    np.testing.assert_array_equal(first, numpy(RandomAffine(1.0, seed=3)(same, training=True)))


def test_a_plain_picture_stays_plain() -> None:
    """Borders are continued: no black corner teaches the network anything."""
    plain = np.full((2, 16, 48, 1), 200, np.uint8)
    np.testing.assert_allclose(numpy(RandomAffine(2.0, seed=0)(plain, training=True)), 200, atol=1e-3)
