"""django-simple-captcha: four to seven capitals in colour, turned by up to 35 degrees, in pictures as wide as they are.

Its arcs, dots and smoothing are those of its default settings, and so is its font.
"""

import io
import random
from collections.abc import Sequence
from types import SimpleNamespace

import django
from django.conf import settings
from PIL import Image

from .writing import Draw, write

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "captcha"],
    SECRET_KEY="none is needed",
    CAPTCHA_LETTER_COLOR_FUNCT="captcha.helpers.random_letter_color_challenge",
)
django.setup()

from captcha.conf import settings as options
from captcha.helpers import random_char_challenge
from captcha.views import _captcha_image


def drawer(fonts: Sequence[str]) -> Draw:
    def draw() -> tuple[object, str]:
        options.CAPTCHA_LENGTH = random.randint(4, 7)
        challenge, _ = random_char_challenge()
        response = _captcha_image(SimpleNamespace(challenge=challenge), 1)
        return Image.open(io.BytesIO(response.content)), challenge  # noqa: TID251  # its own picture

    return draw


if __name__ == "__main__":
    write(drawer)
