"""Reads pictures in portions, so that the first can be shown before the last is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.pictures import Pictures
from captcha_ocr.recognizer import Recognizer

PORTION = 32


@dataclass(frozen=True)
class Guess:
    """What the model reads, and its confidence. Without a model the text is empty, and the confidence None.

    rank: the picture with the lowest is shown first. given: the label that the picture has in the data, if any.
    """

    text: str
    confidence: float | None
    rank: float
    given: str | None = None


Outcomes = dict[int, Guess | CaptchaOcrError]  # by the picture's number; an error says why it cannot be decoded


def read_in_portions(numbers: Sequence[int], pictures: Pictures, recognizer: Recognizer | None) -> Iterator[Outcomes]:
    """Yields the readings of the pictures `numbers`, in their order. Without a model they are decoded only."""
    for start in range(0, len(numbers), PORTION):
        decoded, outcomes = {}, Outcomes()
        for number in numbers[start : start + PORTION]:
            try:
                decoded[number] = pictures.pixels(number)
            except CaptchaOcrError as error:
                outcomes[number] = error
        if recognizer is None:
            outcomes |= dict.fromkeys(decoded, Guess("", None, 0.0))
        else:
            for number, reading in zip(decoded, recognizer.read(decoded.values()), strict=True):
                outcomes[number] = Guess(reading.text, reading.confidence, reading.confidence)
        yield outcomes
