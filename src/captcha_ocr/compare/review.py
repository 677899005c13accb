"""A change against its base, as Markdown for whoever reviews it: the gate's word first, then what it rests on."""

from dataclasses import dataclass

import pandas as pd

from captcha_ocr.base.markdown import code
from captcha_ocr.compare.pairwise import Figures, Versus
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.register.gate import Challenge, objections, objections_of_champion
from captcha_ocr.report.words import interval, percent
from captcha_ocr.scoring.paired import Paired

MOST = 20  # pictures named on either side


@dataclass(frozen=True)
class Review:
    """`found` has the change first and its base second; `about` says how the base was had, `params` and `metrics` are
    DVC's tables of what differs (Markdown, empty where nothing does).
    """

    found: Versus
    against: list[str]
    about: str
    params: str
    metrics: str


def objections_to_change(comparison: Paired, challenge: Challenge, params: RegisterParams) -> list[str]:
    """What the gate has against a change: a floor that is missed, or being worse than its base.

    A change need not be better, whatever `register.against_champion` asks of a champion.
    """
    lenient = params.model_copy(update={"against_champion": "not_worse"})
    return objections(challenge, params) + objections_of_champion(comparison, lenient, rival="its base")


def _figures(pictures: int, here: Figures, base: Figures) -> list[str]:
    cells = [f"{percent(f.exact_match)} ({interval(f.low, f.high)})" for f in (here, base)]
    return [
        f"| {pictures} test pictures | this change | its base |",
        "|---|---|---|",
        f"| exact match (95 % interval) | {' | '.join(cells)} |",
        f"| CER | {percent(here.cer)} | {percent(base.cer)} |",
    ]


def _alone(heading: str, rows: pd.DataFrame) -> list[str]:
    named = [
        f"- {code(r.file)}: {code(r.label)}, which the other reads as {code(r.text)}"
        for r in rows.head(MOST).itertuples()
    ]
    more = [f"- and {len(rows) - MOST} more, in `versus.html`"] if len(rows) > MOST else []
    return [f"**{heading}: {len(rows)}**", "", *named, *more, *([""] if named else [])]


def as_markdown(review: Review) -> str:
    """The whole text."""
    found, (here, base) = review.found, review.found.sides
    verdict = "the gate objects" if review.against else "the gate has no objection"
    lines = [
        f"## Against {code(base.name)}: {verdict}",
        "",
        *[f"- {reason}" for reason in review.against],
        *([""] if review.against else []),
        *_figures(found.comparison.pictures, here, base),
        "",
        f"{found.comparison.sentence()}; the first is this change.",
        "",
        f"{found.scored} The base: {review.about or 'as recorded.'}",
        "",
        "**Parameters that differ** (`dvc params diff`)",
        "",
        review.params or "None.",
        "",
        *_alone("Read by this change alone", found.only[0]),
        *_alone("Read by its base alone", found.only[1]),
        "<details><summary>All metrics that differ (<code>dvc metrics diff</code>)</summary>",
        "",
        review.metrics or "None.",
        "",
        "</details>",
    ]
    return "\n".join(lines) + "\n"
