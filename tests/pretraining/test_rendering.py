import numpy as np
import pytest

from captcha_ocr.pretraining.rendering import ALPHABET, MAX_LENGTH, MIN_LENGTH, render, render_batch


def test_the_seed_alone_decides_texts_and_pictures() -> None:
    pictures, texts = render_batch(6, 200, 50, seed=1)
    again, same_texts = render_batch(6, 200, 50, seed=1)
    assert texts == same_texts
    np.testing.assert_array_equal(pictures, again)
    others, _ = render_batch(6, 200, 50, seed=2)
    assert not np.array_equal(pictures, others)


def test_a_picture_does_not_depend_on_how_many_are_rendered_with_it() -> None:
    few, many = render_batch(2, 96, 32, seed=3)[0], render_batch(5, 96, 32, seed=3)[0]
    np.testing.assert_array_equal(few, many[:2])


def test_texts_are_of_the_alphabet_and_use_all_of_it() -> None:
    _, texts = render_batch(400, 64, 16, seed=0)
    assert {len(text) for text in texts} == set(range(MIN_LENGTH, MAX_LENGTH + 1))
    assert set("".join(texts)) == set(ALPHABET)


@pytest.mark.parametrize("kaptcha_share", [0.0, 1.0])
def test_text_changes_the_picture_and_every_picture_shows_some(kaptcha_share: float) -> None:
    """In the same style, another text leaves other ink: what is drawn is the text and not only litter."""
    for seed in range(20):
        rngs = (np.random.default_rng(seed) for _ in range(2))
        one, other = (
            render(text, 200, 50, rng, kaptcha_share) for text, rng in zip(("HMWN8", "ilj17"), rngs, strict=True)
        )
        assert one.shape == (50, 200)
        assert np.ptp(one.astype(int)) > 30
        assert not np.array_equal(one, other)


def test_the_share_decides_how_many_pictures_have_kaptchas_look() -> None:
    """Its paper is lighter in every corner on the right than on the left, whatever the text."""

    def brightening(share: float) -> float:
        pictures, _ = render_batch(100, 200, 50, seed=4, kaptcha_share=share)
        left, right = (pictures[:, [0, -1], column, 0].astype(int) for column in (0, -1))
        return float(np.mean(right > left + 10))

    assert brightening(0.0) < brightening(0.5) < brightening(1.0)
    assert brightening(1.0) > 0.9
