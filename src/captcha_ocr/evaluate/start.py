"""What the network that the fit started from reads of the same pictures: what has been gained, and what was lost."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.metrics import BeforeFit
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.scoring.paired import paired


def texts_before(logits: NDArray[np.float32], codec: Codec, known: str) -> list[str]:
    """The texts of logits [N, T, K], of which only the symbols `known` count: those of the others are random."""
    classes = [BLANK, *(codec.class_of(symbol) for symbol in known)]
    masked = np.full_like(logits, -np.inf)
    masked[..., classes] = logits[..., classes]
    return greedy_decode(masked, codec)


def before_fit(predictions: Predictions, files: Sequence[str], texts: Sequence[str], source: str) -> BeforeFit:
    """Compares `texts`, which the network `source` read of the pictures `files`, with the predictions of the fitted."""
    by_file = dict(zip(files, texts, strict=True))
    labels, before = predictions.label.tolist(), [by_file[file] for file in predictions.file]
    found = paired(labels, predictions.text.tolist(), before)
    low, high = found.interval
    return BeforeFit(
        source=source,
        exact_match=exact_match(labels, before),
        cer=character_error_rate(labels, before),
        gained=found.only_first,
        lost=found.only_second,
        difference=found.difference,
        low=low,
        high=high,
    )
