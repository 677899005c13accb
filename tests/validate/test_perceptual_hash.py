import imagehash
import numpy as np
from PIL import Image, ImageFilter

from captcha_ocr.validate.perceptual_hash import HASH_SIDE, perceptual_hashes, reduced


def test_hashes_are_those_of_imagehash() -> None:
    rng = np.random.default_rng(0)
    pictures = [
        Image.fromarray(rng.integers(0, 256, (height, width)).astype(np.uint8)).filter(ImageFilter.BoxBlur(blur))
        for height, width, blur in ((50, 200, 0), (50, 200, 5), (20, 700, 2), (300, 40, 9), (64, 64, 1))
    ]
    pictures += [Image.new("L", (30, 20), level) for level in (0, 17, 255)]
    expected = [str(imagehash.phash(picture, hash_size=HASH_SIDE)) for picture in pictures]
    assert perceptual_hashes([reduced(picture) for picture in pictures]) == expected
