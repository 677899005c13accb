"""Converts text to class indices and back, and defines the class of the blank."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError, listed

# Class 0 is the blank for the loss, for padding and for decoding alike. No label contains the blank, so padding with it
# cannot be mistaken for a symbol.
BLANK = 0

SHOWN = 100  # most symbols of an alphabet that a message quotes


def quoted(alphabet: str) -> str:
    """An alphabet in quotation marks for a message; only the beginning of a long one, and its number of symbols."""
    return repr(alphabet) if len(alphabet) <= SHOWN else f"{alphabet[:SHOWN]!r}… ({len(alphabet)} symbols)"


@dataclass(frozen=True)
class Codec:
    """The symbols of `alphabet` are the classes 1, 2, … in their order; class 0 is the CTC blank."""

    alphabet: str

    @property
    def classes(self) -> int:
        """Number of classes, the blank included."""
        return len(self.alphabet) + 1

    @cached_property
    def _classes(self) -> dict[str, int]:
        """The class index of each symbol. A search in the alphabet would take long where it has thousands."""
        return {symbol: index for index, symbol in enumerate(self.alphabet, start=1)}

    def class_of(self, symbol: str) -> int:
        """The class index of a symbol of the alphabet."""
        return self._classes[symbol]

    def encode(self, label: str) -> list[int]:
        """The class indices of `label`; raises CaptchaOcrError for a symbol outside the alphabet."""
        try:
            return [self._classes[symbol] for symbol in label]
        except KeyError:
            foreign = sorted(set(label) - self._classes.keys())
            raise CaptchaOcrError(
                f"label {label!r} holds {listed(foreign)}, which text.alphabet {quoted(self.alphabet)} lacks: "
                "add the symbol to text.alphabet in params.yaml, or correct the label"
            ) from None

    def encode_batch(self, labels: Sequence[str]) -> NDArray[np.int32]:
        """The class indices of N labels, [N, length of the longest], padded with the blank; raises as `encode` does."""
        encoded = [self.encode(label) for label in labels]
        longest = max((len(ids) for ids in encoded), default=0)
        batch = np.full((len(encoded), longest), BLANK, dtype=np.int32)
        for row, ids in zip(batch, encoded, strict=True):
            row[: len(ids)] = ids
        return batch

    def decode(self, ids: Sequence[int]) -> str:
        """The text of class indices; blanks (padding) are left out."""
        return "".join(self.alphabet[i - 1] for i in ids if i != BLANK)

    def collapse(self, path: Sequence[int]) -> str:
        """The text of a CTC path, one class index a time step: repetitions merged, then blanks dropped."""
        return self.decode([i for i, _ in groupby(path)])
