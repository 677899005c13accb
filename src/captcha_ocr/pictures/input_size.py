"""The form of the pictures that a network takes."""

from dataclasses import dataclass
from typing import Literal

Fit = Literal["stretch", "pad"]
Lines = Literal[1, 2]


@dataclass(frozen=True)
class InputSize:
    """Every picture is brought to `width` × `height` pixels; `channels` is 1 for grey, 3 for RGB.

    fit: "stretch" scales each side on its own; "pad" keeps the aspect ratio and fills the rest (pictures/fitting.py).
    lines: how many lines of text a picture holds; the network reads them one after the other, the upper one first.
    """

    width: int
    height: int
    channels: int = 1
    fit: Fit = "stretch"
    lines: Lines = 1

    def sides(self, width: int, height: int) -> tuple[int, int]:
        """The width and height to which a picture of `width` × `height` pixels is scaled; the rest is padding."""
        if self.fit == "stretch":
            return self.width, self.height
        return (
            min(max(_rounded(width * self.height, height), 1), self.width),
            min(max(_rounded(height * self.width, width), 1), self.height),
        )


def _rounded(dividend: int, divisor: int) -> int:
    """The quotient as a whole number, a half rounded up."""
    return (2 * dividend + divisor) // (2 * divisor)
