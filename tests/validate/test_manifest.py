"""What the manifest says of unusual pictures."""

import io

import numpy as np
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.validate.manifest import describe

GREY = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (16, 1))


def tiff(picture: Image.Image) -> Picture:
    file = io.BytesIO()
    picture.save(file, "TIFF")
    return Picture("a.tif", file.getvalue(), "a", None)


def test_sixteen_bits_are_described_as_the_network_sees_them() -> None:
    deep, grey = describe([tiff(Image.fromarray(GREY.astype(np.uint16) << 8)), tiff(Image.fromarray(GREY))])
    assert (deep["mode"], grey["mode"]) == ("I;16", "L")
    assert deep["pixels_sha256"] == grey["pixels_sha256"]
    assert deep["phash"] == grey["phash"]


def test_a_picture_with_pixels_that_the_network_cannot_take_has_an_error() -> None:
    bad, sound = describe([tiff(Image.fromarray(GREY.astype(np.float32))), tiff(Image.fromarray(GREY))])
    assert bad["error"] == "a.tif has 32-bit pixels (mode F): save it with 8 bits a channel"
    assert "pixels_sha256" not in bad
    assert "error" not in sound


def test_transparency_is_laid_over_white() -> None:
    clear = Image.merge("RGBA", [Image.new("L", (16, 16), 0)] * 4)
    (row,) = describe([tiff(clear)])
    assert row["dark"] == 0
