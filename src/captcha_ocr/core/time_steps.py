"""How many time steps an architecture yields, known without building it."""

from collections.abc import Callable

from captcha_ocr.core.params import ArchitectureName

# From the width in pixels, through the horizontal strides and poolings of each network.
# A test holds these against the built networks.
_STEPS: dict[ArchitectureName, Callable[[int], int]] = {
    "compact": lambda width: -(-width // 4) // 2,
    "keras_io": lambda width: width // 4,
}


def time_steps(architecture: ArchitectureName, width: int) -> int:
    """Time steps for pictures of `width` pixels."""
    return _STEPS[architecture](width)
