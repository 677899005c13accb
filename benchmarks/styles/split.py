"""Which of the labelled pictures validate: a tenth by the pipeline's rule, so that all contenders have the same."""

from collections.abc import Sequence

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import SplitParams
from captcha_ocr.split.assignment import side_of

from .families import Labelled

SEEDS = 500  # that `captcha-ocr adopt` tries, too
SHARE = 0.1  # of the labelled pictures; params.yaml ships with it


def _assigned(examples: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """Training and validation, as where the source gives the test pictures: those drawn for the test train."""
    params = SplitParams(validation=SHARE, test=SHARE, seed=seed)
    validation = [example for example in examples if side_of(example.digest, params) == "validation"]
    return [example for example in examples if example not in validation], validation


def split(examples: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Training and validation of the labelled pictures: together they are all of them.

    The first seed with which training has every symbol. Raises CaptchaOcrError if none of SEEDS has.
    """
    symbols = set("".join(example.text for example in examples))
    for seed in range(SEEDS):
        training, validation = _assigned(examples, seed)
        if validation and set("".join(example.text for example in training)) == symbols:
            return training, validation
    raise CaptchaOcrError(f"of {len(examples)} pictures no split has every symbol in training: take more labels")
