"""Whether a registered version becomes champion: floors, then the present champion on the same pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.export_report import FLOAT32
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.pictures.labelled import LabelledPictures
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenger, objections, objections_of_champion
from captcha_ocr.register.registry import load_registered
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.scoring.paired import Paired, paired


@dataclass(frozen=True)
class Decision:
    """Whether the version is champion now, why or why not, and how it compares with the present champion."""

    promoted: bool
    reasons: list[str]
    compared_with: str | None
    comparison: Paired | None


def challenger(model: Path, texts: Sequence[str], pictures: LabelledPictures, results: PipelineResults) -> Challenger:
    """What the gate looks at: exact match and CER of `texts`, which the file `model` reads; the rest is as reported."""
    return Challenger(
        exact_match=exact_match(pictures.labels, texts),
        cer=character_error_rate(pictures.labels, texts),
        ece=results.metrics.ece,
        text_mismatches=results.parity.text_mismatches,
        milliseconds=results.export.files[FLOAT32].p50_ms[1],
        kilobytes=model.stat().st_size / 1000,
        is_synthetic=results.provenance.is_synthetic,
    )


def texts_of(recognizer: Recognizer, pictures: LabelledPictures) -> list[str]:
    """What a recogniser reads."""
    return [reading.text for reading in recognizer.read(pictures.paths)]


def _compare_with_champion(
    name: str, version: str, texts: Sequence[str], pictures: LabelledPictures
) -> tuple[Paired | None, str]:
    """The challenger's texts against those of the champion `version`, and the outcome as a sentence."""
    try:
        of_champion = texts_of(load_registered(f"models:/{name}/{version}"), pictures)
    except CaptchaOcrError as error:
        return None, f"the champion, version {version}, cannot be read with ({error}): promote by hand if it is to go"
    comparison = paired(pictures.labels, texts, of_champion)
    return comparison, comparison.sentence()


def decide(
    name: str,
    version: str,
    candidate: Challenger,
    texts: Sequence[str],
    pictures: LabelledPictures,
    params: RegisterParams,
) -> Decision:
    """Promotes `version` where nothing speaks against it.

    Where another version is promoted in the meantime, it is compared with that one.
    """
    against = objections(candidate, params)
    while True:
        past = champions.history(name)
        present = past[-1] if past else None
        if present and present.version == version:
            return Decision(True, ["it was champion already"], None, None)
        reasons, comparison, why = list(against), None, "the first champion"
        other = present.version if present else None
        if other:
            comparison, why = _compare_with_champion(name, other, texts, pictures)
            reasons += objections_of_champion(comparison, params) if comparison else [why]
        if reasons:
            return Decision(False, reasons, other, comparison)
        if champions.try_promotion(name, version, why, present.number if present else 0):
            return Decision(True, [why], other, comparison)
