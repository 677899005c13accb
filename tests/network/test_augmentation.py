import numpy as np
from keras import ops

from captcha_ocr.network.augmentation import RandomAffine

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


def test_a_short_text_at_the_left_of_a_padded_picture_is_not_scaled_out_of_it() -> None:
    """Its ink, a bar at the left of a picture that is mostly padding, stays in all of many draws."""
    pictures = np.full((64, 16, 200, 1), 255, np.uint8)
    pictures[:, 4:12, 4:24] = 0
    padded, whole = (
        (255 - numpy(RandomAffine(1.0, seed=0, padded=padded)(pictures, training=True))).sum(axis=(1, 2, 3))
        for padded in (True, False)
    )
    ink = (255.0 - pictures[0]).sum()
    assert padded.min() > 0.7 * ink  # scaled down in both directions, 0.81 of it remains
    assert whole.min() < 0.6 * ink
