from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.network import samples
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples, read_pictures
from captcha_ocr.pictures.input_size import InputSize
from tests.exported import INPUT_SIZE, noise, untrained
from tests.packed import packed, png


def test_pictures_are_read_in_portions_as_they_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [png(Image.fromarray(pixels[:, :, 0])) for pixels in noise(7)]
    shards = packed(tmp_path / "pictures", {f"{i}.png": (content, "a", None) for i, content in enumerate(contents)})
    pictures, network = LabelledPictures(shards, ["0.png", *(f"{i}.png" for i in range(2, 7))], ["a"] * 6), untrained()
    monkeypatch.setattr(samples, "PORTION", 4)
    together = read_logits(network, load_samples(pictures, INPUT_SIZE).inputs)
    assert np.allclose(read_pictures(network, pictures, INPUT_SIZE), together, atol=1e-5)


def test_a_padded_picture_is_loaded_with_the_size_it_has_without_its_padding(tmp_path: Path) -> None:
    """48 × 16 pixels are the network's; one picture is too narrow for them, the other too low."""
    images = {"high.png": Image.new("L", (20, 32)), "wide.png": Image.new("L", (96, 8))}
    shards = packed(tmp_path / "pictures", {name: (png(image), "a", None) for name, image in images.items()})
    pictures = LabelledPictures(shards, list(images), ["a", "a"])
    padded = load_samples(pictures, InputSize(48, 16, fit="pad"))
    assert padded.sizes.tolist() == [[16, 10], [4, 48]]
    assert load_samples(pictures, InputSize(48, 16)).sizes.tolist() == [[16, 48]] * 2
