"""Renders look-alikes with the package `captcha`, for when the real captchas cannot be downloaded."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import captcha.image
from PIL import Image, ImageOps
from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import TextParams
from captcha_ocr.pictures.input_size import InputSize


@contextmanager
def _seeded_captcha(rng: random.Random) -> Iterator[ModuleType]:
    """Yields the package `captcha.image`, which within the block draws from `rng` instead of `secrets`.

    `secrets` cannot be seeded.
    """

    class Secrets:
        choice = staticmethod(rng.choice)
        randbelow = staticmethod(rng.randrange)
        randbits = staticmethod(rng.getrandbits)

    with patch.object(captcha.image, "secrets", Secrets):
        yield captcha.image


def _labels(count: int, text: TextParams, rng: random.Random) -> list[str]:
    """`count` labels that differ even if case is ignored, because some file systems ignore it in file names."""
    possible = sum(len(set(text.alphabet.lower())) ** n for n in range(text.min_length, text.max_length + 1))
    if 2 * count > possible:
        raise CaptchaOcrError(
            f"fetch.synthetic_count = {count} asks for more than half of the {possible} labels that text.alphabet "
            "and its lengths allow: lower it, or allow longer labels"
        )
    labels: dict[str, str] = {}
    while len(labels) < count:
        length = rng.randint(text.min_length, text.max_length)
        label = "".join(rng.choices(text.alphabet, k=length))
        labels.setdefault(label.casefold(), label)
    return list(labels.values())


def _render(label: str, renderer: Any, rng: random.Random) -> Image.Image:
    # The package uses the brightness of a glyph as its opacity, so dark text would be invisible. Therefore bright text
    # is drawn on a dark background, and the picture is inverted.
    shade = rng.randrange(20, 70)
    negative: Image.Image = renderer.generate_image(label, bg_color=(shade,) * 3, fg_color=(255, 255, 255, 255))
    return ImageOps.invert(negative).convert("RGBA")


def render_captchas(folder: Path, count: int, text: TextParams, size: InputSize, seed: int) -> None:
    """Renders `count` PNG pictures (RGBA, `size` in pixels), named by their labels, into the new folder `folder`.

    The same arguments give the same bytes. Raises CaptchaOcrError if the parameters allow too few different labels.
    """
    rng = random.Random(seed)
    labels = _labels(count, text, rng)
    folder.mkdir(parents=True)
    with _seeded_captcha(rng) as package:
        renderer = package.ImageCaptcha(width=size.width, height=size.height, font_sizes=(34, 38, 42))
        renderer.character_rotate = (-12, 12)
        for label in tqdm(labels, desc="render", unit="captcha", disable=None):
            _render(label, renderer, rng).save(folder / f"{label}.png")
