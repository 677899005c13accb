"""Applies the changes that a recipe asks for to the pictures of a batch."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.augmentation.bending import elastic
from captcha_ocr.augmentation.images import Pixels
from captcha_ocr.augmentation.marks import erasing, strokes
from captcha_ocr.augmentation.quality import blur, jpeg, noise
from captcha_ocr.augmentation.tones import colour, contrast
from captcha_ocr.params.recipe import Recipe

Change = Callable[[Pixels, float, np.random.Generator], Pixels]
# In the order in which pictures come about: the text, what covers it, the light, the lens, the sensor, the file.
OF_THE_PICTURE: dict[str, Change] = {"elastic": elastic, "strokes": strokes, "erasing": erasing}
OF_EACH_LEVEL: dict[str, Change] = {"colour": colour, "contrast": contrast}
OF_THE_FILE: dict[str, Change] = {"blur": blur, "noise": noise, "jpeg": jpeg}
CHANGES = OF_THE_PICTURE | OF_EACH_LEVEL | OF_THE_FILE


def strengths(recipe: Recipe, share: float = 1) -> dict[str, float]:
    """The strengths of the changes that are made at all, in their order; `share` of the full strength is applied."""
    found = {kind: share * recipe.augmentation_of(kind) for kind in CHANGES}
    return {kind: strength for kind, strength in found.items() if strength}


def _augmented(
    picture: Pixels, own: tuple[slice, slice], strengths: Mapping[str, float], seed: Sequence[int]
) -> Pixels:
    """One picture. Padding is left as it is, but gets the levels that a plain ground gets."""
    rng, changed = np.random.default_rng(seed), picture.copy()
    for kind, strength in strengths.items():
        area = changed if kind in OF_EACH_LEVEL else changed[own]
        area[...] = CHANGES[kind](area, strength, rng)
    return changed


def _own(size: NDArray[np.int64], height: int) -> tuple[slice, slice]:
    """Rows and columns of the picture itself, [height, width], within a padded one, as `pictures/fitting.py` has it."""
    top = (height - int(size[0])) // 2
    return slice(top, top + int(size[0])), slice(int(size[1]))


def augment(
    pictures: NDArray[np.uint8], sizes: NDArray[np.int64], strengths: Mapping[str, float], seed: Sequence[int]
) -> NDArray[np.uint8]:
    """Changed copies of pictures, uint8 [N, H, W, C]; equal seeds change equal pictures alike.

    `sizes`, [N, 2]: height and width of each picture without the padding, which no change but one of levels touches.
    """
    rows = [
        _augmented(picture, _own(size, pictures.shape[1]), strengths, (*seed, number))
        for number, (picture, size) in enumerate(zip(pictures, sizes, strict=True))
    ]
    return np.stack(rows)
