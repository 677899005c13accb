"""Whoever looks at a picture sees the pixels that the network gets, whatever form the file has."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from captcha_ocr.adopt.pictures import looks_at
from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.export.parity import variants
from captcha_ocr.overview.thumbnails import thumbnail
from captcha_ocr.pages.data_uris import picture_uri
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.report.plots import draw_sheet
from captcha_ocr.validate.manifest import describe

RAMP = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (16, 1))
GREY = Image.fromarray(RAMP)
DEEP = Image.fromarray(RAMP.astype(np.uint16) << 8)
PALETTE = GREY.convert("RGB").quantize(16)
FORMS = {
    "1": (GREY.convert("1"), "TIFF", {}),
    "CMYK": (GREY.convert("RGB").convert("CMYK"), "JPEG", {"quality": 95}),
    "I;16": (DEEP, "TIFF", {}),
    "I;16B": (Image.frombytes("I;16B", DEEP.size, np.asarray(DEEP).astype(">u2").tobytes()), "TIFF", {}),
    "I;16, one level transparent": (DEEP, "PNG", {"transparency": 0}),
    "LA": (GREY.convert("LA"), "PNG", {}),
    "P": (PALETTE, "PNG", {}),
    "P, one colour transparent": (PALETTE, "PNG", {"transparency": 3}),
}


def rgba(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGBA"))


@pytest.mark.parametrize("form", FORMS)
def test_all_see_the_pixels_of_the_network(form: str) -> None:
    picture, kind, options = FORMS[form]
    file, plain = io.BytesIO(), io.BytesIO()
    picture.save(file, kind, **options)
    pixels = pixels_of(file.getvalue(), "a.tif")
    assert len(np.unique(pixels)) > (1 if form == "1" else 8)
    expected = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    expected.save(plain, "PNG")
    stored, same = (Picture("a.tif", content, "a", None) for content in (file.getvalue(), plain.getvalue()))

    seen, wanted = describe([stored, same])
    for column in ("pixels_sha256", "phash", "dark", "contrast", "joined_ink"):
        assert seen[column] == wanted[column], column
    assert list(looks_at([stored])) == list(looks_at([same]))
    assert thumbnail(stored.content, "a.tif") == thumbnail(same.content, "a.tif")
    shown = base64.b64decode(picture_uri("a.tif", stored.content).partition(",")[2])
    np.testing.assert_array_equal(rgba(Image.open(io.BytesIO(shown))), rgba(expected))
    (axes, *_) = draw_sheet([stored], ["a"], [False], "").axes
    np.testing.assert_array_equal(axes.images[0].get_array(), rgba(expected))
    np.testing.assert_array_equal(rgba(variants(stored)["a.tif, grey"]), rgba(variants(same)["a.tif, grey"]))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pixels_of_32_bits_are_refused_alike(mode: str) -> None:
    file = io.BytesIO()
    GREY.convert(mode).save(file, "TIFF")
    (row,) = describe([Picture("a.tif", file.getvalue(), "a", None)])
    assert row["error"] == f"a.tif has 32-bit pixels (mode {mode}): save it with 8 bits a channel"
