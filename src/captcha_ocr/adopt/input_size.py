"""Decides the network's input: size, fit and colour, from the pictures' forms and labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from captcha_ocr.adopt.decision import Decision, Doubt
from captcha_ocr.adopt.pictures import Form, Look
from captcha_ocr.ctc.time_steps import comfortable_time_steps

StepsOf = Callable[[int, int], int]  # the network's time steps for an input of width and height in pixels
MULTIPLE = 16  # widths are multiples of it, since networks halve them several times
MOST_WIDTH, LEAST_WIDTH = 2048, 32  # what train.width may be
PADS_ABOVE = 1.5  # ratio of a wide picture's aspect (90th percentile) to that of a narrow one (10th)
SUITS = (0.6, 1.6)  # pictures' aspect, as a multiple of the recipe's: stretched so little, letters stay what they are
HIGHER = 1.1  # a height that is so many times the recipe's pays
MOST_HEIGHT = 128
OUTLIER = 1.5  # a widest picture is one of a kind if it is so many times as wide as the 99th percentile


@dataclass(frozen=True)
class Sized:
    """A picture's aspect, width by height, and the time steps in which its label is comfortably read."""

    aspect: float
    steps: int


@dataclass(frozen=True)
class Recipe:
    """The architecture's own size, for one line of text, and how many pixels of width give a time step."""

    width: int
    height: int
    pixels_per_step: float


def _rounded_up(width: float) -> int:
    return min(max(-int(-width // MULTIPLE) * MULTIPLE, LEAST_WIDTH), MOST_WIDTH)


def _wide_enough(width: float, height: int, steps: int, steps_of: StepsOf) -> int:
    """The least width from `width` on that gives so many time steps, or else the most there is."""
    found = _rounded_up(width)
    while found < MOST_WIDTH and steps_of(found, height) < steps:
        found += MULTIPLE
    return found


def _widest(aspects: Sequence[float]) -> tuple[float, list[Doubt]]:
    """The widest aspect to make room for."""
    widest, nearly = max(aspects), float(np.percentile(aspects, 99))
    if widest <= OUTLIER * nearly:
        return widest, []
    return nearly, [
        Doubt("train.width", f"a few pictures, up to {widest / nearly:.1f} times as wide as the rest, are shrunk")
    ]


def _padded_size(pictures: Sequence[Sized], recipe: Recipe, steps_of: StepsOf) -> tuple[int, int, list[Doubt]]:
    """Width and height of an input in which all pictures have the same height, and the widest has room."""
    needed = np.percentile([p.steps * recipe.pixels_per_step / p.aspect for p in pictures], 95)
    height = recipe.height
    if needed > HIGHER * height:
        height = min(-int(-needed // 8) * 8, MOST_HEIGHT)
    widest, doubts = _widest([picture.aspect for picture in pictures])
    if widest * height > MOST_WIDTH:
        height = max(int(MOST_WIDTH / widest), 16)
        text = f"the widest pictures are {widest:.0f} times as wide as high, so that all become low"
        doubts.append(Doubt("train.height", text))
    return _wide_enough(widest * height, height, max(p.steps for p in pictures), steps_of), height, doubts


def _stretched_size(pictures: Sequence[Sized], recipe: Recipe, steps_of: StepsOf) -> tuple[int, int]:
    """The recipe's size where it suits the pictures, or else one of their aspect."""
    aspect, steps = float(np.median([p.aspect for p in pictures])), max(p.steps for p in pictures)
    low, high = SUITS
    own = recipe.width / recipe.height
    if low * own <= aspect <= high * own:
        return _wide_enough(recipe.width, recipe.height, steps, steps_of), recipe.height
    height = recipe.height if aspect * recipe.height <= MOST_WIDTH else max(int(MOST_WIDTH / aspect), 16)
    return _wide_enough(aspect * height, height, steps, steps_of), height


def sized(forms: Mapping[str, Form], labels: Mapping[str, str], lines: int) -> list[Sized]:
    """Aspect and time steps of one line of text for each picture that has a form and a label."""
    return [
        Sized(form.aspect * lines, -(-comfortable_time_steps(labels[file]) // lines))
        for file, form in forms.items()
        if file in labels
    ]


def decide_input(pictures: Sequence[Sized], recipe: Recipe, lines: int, steps_of: StepsOf) -> Decision:
    """Size and fit, null where the recipe's will do; `steps_of` is for one line of text, as `recipe` is.

    Pictures of very different proportions are padded, others stretched. The width is such that every label is
    comfortably read.
    """
    low, high = np.percentile([p.aspect for p in pictures], (10, 90))
    if high <= PADS_ABOVE * low:
        fit, doubts = None, list[Doubt]()
        width, height = _stretched_size(pictures, recipe, steps_of)
    else:
        fit = "pad"
        width, height, doubts = _padded_size(pictures, recipe, steps_of)
    values = {
        "train.width": None if width == recipe.width else width,
        "train.height": None if height == recipe.height else height * lines,
        "train.fit": fit,
    }
    return Decision(values, tuple(doubts))


TWO_LINES = (2.4, 5)  # most aspect and fewest symbols of a picture that may hold two lines of text


def doubt_lines(forms: Mapping[str, Form], labels: Mapping[str, str]) -> list[Doubt]:
    """Whether there may be two lines of text: many symbols in pictures that are little wider than high."""
    both = [(forms[file].aspect, len(label)) for file, label in labels.items() if file in forms]
    aspect, symbols = np.median(both, axis=0) if both else (0, 0)
    if 0 < aspect <= TWO_LINES[0] and symbols >= TWO_LINES[1]:
        text = (
            f"{symbols:.0f} symbols in pictures {aspect:.1f} times as wide as high: 2, if these are two lines of text"
        )
        return [Doubt("train.lines", text)]
    return []


COLOURFUL = 2  # times the range of grey levels
FAINT = 60  # grey levels
OFTEN = 0.2


def doubt_channels(looks: Sequence[Look]) -> list[Doubt]:
    """Whether the text differs from its background by colour more than by brightness."""
    coloured = [look for look in looks if look.grey_range < FAINT and look.colour_range > COLOURFUL * look.grey_range]
    if len(coloured) <= OFTEN * len(looks):
        return []
    share = f"{len(coloured)} of {len(looks)} pictures looked at"
    return [Doubt("train.channels", f"in {share}, colours differ more than brightness does: 3 may read better than 1")]
