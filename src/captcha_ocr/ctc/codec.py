"""Converts text to class indices and back, and defines the class of the blank."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError, listed

# Class 0 is the blank for the loss, for padding and for decoding alike. No label contains the blank, so padding with it
# cannot be mistaken for a symbol.
BLANK = 0


@dataclass(frozen=True)
class Codec:
    """The symbols of `alphabet` are the classes 1, 2, … in their order; class 0 is the CTC blank."""

    alphabet: str

    @property
    def classes(self) -> int:
        """Number of classes, the blank included."""
        return len(self.alphabet) + 1

    def class_of(self, symbol: str) -> int:
        """The class index of a symbol of the alphabet."""
        return self.alphabet.index(symbol) + 1

    def encode(self, label: str) -> list[int]:
        """The class indices of `label`; raises CaptchaOcrError for a symbol outside the alphabet."""
        foreign = sorted(set(label) - set(self.alphabet))
        if foreign:
            raise CaptchaOcrError(
                f"label {label!r} holds {listed(foreign)}, which text.alphabet {self.alphabet!r} lacks: "
                "add the symbol to text.alphabet in params.yaml, or correct the label"
            )
        return [self.class_of(symbol) for symbol in label]

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
