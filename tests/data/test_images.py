from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.data.images import load_inputs, open_picture, to_input


def test_transparency_becomes_white_not_black() -> None:
    picture = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert (to_input(picture, InputSize(4, 4)) == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_mode_gives_the_same_grey(mode: str) -> None:
    checks = np.kron(np.indices((4, 8)).sum(axis=0) % 2, np.ones((4, 4))).astype(np.uint8) * 255
    picture = Image.fromarray(checks).convert(mode)
    np.testing.assert_array_equal(to_input(picture, InputSize(32, 16))[:, :, 0], checks)


def test_three_channels_keep_the_colours() -> None:
    picture = Image.new("RGBA", (4, 2), (10, 20, 30, 255))
    seen = to_input(picture, InputSize(4, 2, channels=3))
    assert seen.shape == (2, 4, 3)
    assert (seen == [10, 20, 30]).all()


def test_pictures_of_other_sizes_are_resized(tmp_path: Path) -> None:
    for name, size in (("a.png", (200, 50)), ("b.png", (37, 90))):
        Image.new("L", size, 100).save(tmp_path / name)
    batch = load_inputs([tmp_path / "a.png", tmp_path / "b.png"], InputSize(200, 50))
    assert batch.shape == (2, 50, 200, 1)
    assert (batch == 100).all()


def test_a_decompression_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (200, 200)).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 30_000)
    with pytest.raises(CaptchaOcrError, match=r"a\.png cannot be decoded"):
        open_picture(tmp_path / "a.png")
