from dataclasses import replace
from pathlib import Path

import pytest

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.compare.candidates import Candidate
from captcha_ocr.compare.pairwise import Comparison, compare_pair
from captcha_ocr.compare.review import Difference, Review, as_markdown, objections_to_change
from captcha_ocr.params.params import load_params
from captcha_ocr.register.gate import Challenger
from captcha_ocr.scoring.paired import Paired
from tests.examples import predictions
from tests.modules import ROOT

PARAMS = load_params(ROOT / "params.yaml").register_
FINE = Challenger(
    exact_match=0.99,
    cer=0.001,
    ece=0.01,
    text_mismatches=0,
    milliseconds=1.0,
    kilobytes=900.0,
    is_synthetic=False,
)
PARAMETER = Difference("params.yaml", "split.seed", "a|<b>", "1")
ALIKE, WORSE = Paired(1000, 0, 0, 0), Paired(900, 0, 100, 0)


def found(here: list[str], base: list[str]) -> Comparison:
    labels = [str(number) for number in range(len(here))]
    sides = [
        Candidate(name, {}, predictions(labels, texts), b"")
        for name, texts in (("this change", here), ("origin/main", base))
    ]
    return compare_pair(sides[0], sides[1], LabelledPictures(PictureShards(Path()), [], []))


@pytest.mark.parametrize("wanted", ["better", "not_worse"])
def test_a_change_need_not_be_better_than_its_base(wanted: str) -> None:
    params = PARAMS.model_copy(update={"against_champion": wanted})
    assert objections_to_change(ALIKE, FINE, params) == []
    (reason,) = objections_to_change(WORSE, FINE, params)
    assert reason.startswith("it is not shown to be within 5 points of its base: -10.00 points")


def test_a_floor_holds_whatever_the_base_reads() -> None:
    synthetic = replace(FINE, exact_match=0.5, is_synthetic=True)
    reasons = objections_to_change(ALIKE, synthetic, PARAMS)
    assert reasons[0] == "exact match 0.5 is below register.min_exact_match 0.95"
    assert "rendered look-alikes" in reasons[1]


def test_the_text_says_the_verdict_first_and_then_what_it_rests_on() -> None:
    text = as_markdown(Review(found(["0", "x"], ["0", "1"]), ["it is worse"], "It was trained anew.", [PARAMETER], []))
    assert text.startswith("## Against `origin/main`: the gate objects\n\n- it is worse\n\n| 2 test pictures |")
    assert "| exact match (95 % interval) | 50.00 % (9.5 to 90.5 %) | 100.00 % (34.2 to 100.0 %) |" in text
    assert "| CER | 50.00 % | 0.00 % |" in text
    assert "McNemar's p = 1; the first is this change." in text
    assert "The base: It was trained anew." in text
    assert "**Parameters that differ** (`dvc params diff`)\n\n| file | name | its base | this change | by |\n" in text
    assert r"| `params.yaml` | `split.seed` | `a\|<b>` | `1` |  |" in text
    assert "**Read by its base alone: 1**\n\n- `1.png`: `1`, which the other reads as `x`\n" in text
    assert "**Read by this change alone: 0**" in text
    assert "(<code>dvc metrics diff</code>)</summary>\n\nNone.\n" in text


def test_a_long_list_is_cut_and_what_was_read_cannot_break_the_text() -> None:
    base = [str(number) for number in range(30)]
    text = as_markdown(Review(found(["`|@all"] * 30, base), [], "", [], []))
    assert "the gate has no objection" in text
    assert text.count("reads as `` `\\|@all ``") == 20
    assert "- and 10 more, in `versus.html`" in text
    assert "**Parameters that differ** (`dvc params diff`)\n\nNone.\n" in text
