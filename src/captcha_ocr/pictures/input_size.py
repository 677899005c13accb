"""The size of the pictures that a network takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InputSize:
    """Every picture is resized to `width` × `height` pixels; `channels` is 1 for grey, 3 for RGB."""

    width: int
    height: int
    channels: int = 1
