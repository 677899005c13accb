from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures import opening
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.opening import open_picture


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("P", 3), ("RGB", 3), ("CMYK", 3), ("RGBA", 4), ("LA", 4)]
)
def test_a_mode_becomes_grey_colour_or_colour_with_alpha(mode: str, channels: int) -> None:
    checks = np.kron(np.indices((4, 8)).sum(axis=0) % 2, np.ones((4, 4))).astype(np.uint8) * 255
    pixels = pixels_of(Image.fromarray(checks).convert(mode), "a")
    assert pixels.shape == (16, 32, channels)
    np.testing.assert_array_equal(pixels[:, :, 0], checks)


def test_a_transparent_colour_of_a_palette_becomes_alpha(tmp_path: Path) -> None:
    Image.new("P", (4, 4), 0).save(tmp_path / "a.png", transparency=0)
    assert (pixels_of(tmp_path / "a.png", "a")[:, :, 3] == 0).all()


def test_sixteen_bits_are_scaled_to_eight() -> None:
    deep = Image.fromarray(np.array([[0, 255, 256, 65535]], np.uint16))
    assert pixels_of(deep, "a").ravel().tolist() == [0, 0, 1, 255]


def test_a_picture_that_unpacks_to_too_many_pixels_is_refused_undecoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("L", (200, 200)).save(tmp_path / "a.png")
    monkeypatch.setattr(opening, "MAX_PIXELS", 30_000)
    with pytest.raises(CaptchaOcrError, match=r"a\.png has 200 × 200 pixels, more than 30,000"):
        open_picture(tmp_path / "a.png", "a.png")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
def test_a_tiff_file_has_the_pixels_of_other_files(tmp_path: Path, mode: str) -> None:
    picture = Image.linear_gradient("L").convert(mode)
    picture.save(tmp_path / "a.tif", compression="tiff_lzw")
    np.testing.assert_array_equal(pixels_of(tmp_path / "a.tif", "a"), pixels_of(picture, "a"))


def test_a_tiff_file_of_several_pages_is_refused(tmp_path: Path) -> None:
    page = Image.new("L", (8, 8))
    page.save(tmp_path / "a.tif", save_all=True, append_images=[page, page])
    with pytest.raises(CaptchaOcrError, match=r"a\.tif has several pages: save each page"):
        open_picture(tmp_path / "a.tif", "a.tif")


def test_a_transparent_level_of_sixteen_bits_becomes_alpha(tmp_path: Path) -> None:
    levels = np.array([[0, 256, 65535]], np.uint16)
    Image.fromarray(levels).save(tmp_path / "a.png", transparency=256)
    assert pixels_of(tmp_path / "a.png", "a")[0].tolist() == [[0, 0, 0, 255], [1, 1, 1, 0], [255, 255, 255, 255]]


def test_a_picture_that_pillow_has_opened_and_cannot_decode_is_named(tmp_path: Path) -> None:
    Image.effect_noise((64, 64), 50).save(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:999])
    with pytest.raises(CaptchaOcrError, match=r"a cannot be decoded .*truncated"):
        pixels_of(Image.open(tmp_path / "a.png"), "a")
