"""What a network sees of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InputSize:
    """Width and height in pixels, to which every picture is resized; 1 channel is grey, 3 are RGB."""

    width: int
    height: int
    channels: int = 1
