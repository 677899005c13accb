"""A change against its base, as Markdown for whoever reviews it: the gate's judgement first, then what it rests on."""

from dataclasses import dataclass

from captcha_ocr.base.markdown import code
from captcha_ocr.base.wording import interval, percent
from captcha_ocr.compare.pairwise import Comparison
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.register.gate import Challenger, objections, objections_of_champion
from captcha_ocr.report.templating import render
from captcha_ocr.scoring.paired import Paired

MOST = 20  # pictures named on either side


@dataclass(frozen=True)
class Review:
    """`found` has the change first and its base second; `about` says how the base's results were obtained.

    `params` and `metrics` are DVC's tables of what differs (Markdown, empty where nothing does).
    """

    found: Comparison
    objections: list[str]
    about: str
    params: str
    metrics: str


def objections_to_change(comparison: Paired, change: Challenger, params: RegisterParams) -> list[str]:
    """What the gate has against a change: a floor that is missed, or being worse than its base.

    A change need not be better, whatever `register.against_champion` asks of a champion.
    """
    lenient = params.model_copy(update={"against_champion": "not_worse"})
    return objections(change, params) + objections_of_champion(comparison, lenient, rival="its base")


def as_markdown(review: Review) -> str:
    """The whole text."""
    return render(
        "captcha_ocr.compare",
        "review.md",
        review=review,
        found=review.found,
        most=MOST,
        code=code,
        percent=percent,
        interval=interval,
    )
