"""The review of a change against its base, in Markdown: the gate's objections first, then the comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from captcha_ocr.base.markdown import code, escaped
from captcha_ocr.base.wording import interval, percent
from captcha_ocr.compare.pairwise import Comparison
from captcha_ocr.pages.templating import render
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.register.gate import Challenger, objections, objections_of_champion
from captcha_ocr.scoring.paired import Paired

MOST = 20  # most pictures named for each side


@dataclass(frozen=True)
class Difference:
    """A parameter or metric that differs: the file that holds it, its name, and both values. `by`: empty for texts."""

    file: str
    name: str
    base: str
    change: str
    by: str = ""


@dataclass(frozen=True)
class Review:
    """The content of a review.

    comparison: of the change (first) with its base (second). objections: of the gate. about: a sentence on how the
    base's results were obtained, or empty. params, metrics: what differs, as DVC finds it.
    """

    comparison: Comparison
    objections: list[str]
    about: str
    params: Sequence[Difference]
    metrics: Sequence[Difference]


def objections_to_change(comparison: Paired, change: Challenger, params: RegisterParams) -> list[str]:
    """The gate's objections to a change: it misses a limit of the gate, or may be worse than its base.

    A change need not be better than its base, even if `register.against_champion` requires that of a champion.
    """
    lenient = params.model_copy(update={"against_champion": "not_worse"})
    return objections(change, params) + objections_of_champion(comparison, lenient, rival="its base")


def as_markdown(review: Review) -> str:
    """The review as Markdown."""
    return render(
        "captcha_ocr.compare",
        "review.md",
        review=review,
        comparison=review.comparison,
        most=MOST,
        code=code,
        escaped=escaped,
        percent=percent,
        interval=interval,
    )
