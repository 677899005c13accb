"""Decides whether a registered version becomes champion: by the gate's limits, and against the present champion."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.export_report import FLOAT32
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenger, objections, objections_of_champion
from captcha_ocr.register.registry import Version, is_of_this_pipeline_run, load_registered
from captcha_ocr.register.trained_on import TrainedOn, registered_trained_on
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.scoring.paired import Paired, paired


@dataclass(frozen=True)
class Decision:
    """Whether the version became champion, and why or why not.

    compared_with: the version that was champion before; None if there was none, or if it was this version. comparison:
    with that version; None if there was none, it could not be loaded, or it is of another data set.
    """

    promoted: bool
    reasons: list[str]
    compared_with: str | None
    comparison: Paired | None


def challenger(model: Path, texts: Sequence[str], pictures: LabelledPictures, results: PipelineResults) -> Challenger:
    """The input of the gate: exact match and CER of `texts`, which the file `model` read; the rest from the reports."""
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
    """The texts that a recogniser reads."""
    return [reading.text for reading in recognizer.read(pictures.contents())]


def _compare_with_champion(
    name: str, version: str, texts: Sequence[str], pictures: LabelledPictures, data: TrainedOn
) -> tuple[Paired | None, str]:
    """Compares the challenger's texts with those of the champion `version`; returns the result also as a sentence.

    The result is None if the champion cannot be loaded, or was trained on other `data`.
    """
    try:
        champion = load_registered(f"models:/{name}/{version}")
        if different := data.differences(registered_trained_on(name, version, champion)):
            return None, (
                f"it was not compared with the champion, version {version}: {', '.join(different)}. Give each data set "
                f"a register.model_name of its own, or replace the champion of {name} with `captcha-ocr promote`"
            )
        of_champion = texts_of(champion, pictures)
    except CaptchaOcrError as error:
        return None, (
            f"the champion, version {version}, cannot be loaded for a comparison ({error}): to replace it all the "
            "same, use `captcha-ocr promote`"
        )
    comparison = paired(pictures.labels, texts, of_champion)
    return comparison, comparison.sentence()


def decide(
    name: str,
    version: str,
    candidate: Challenger,
    texts: Sequence[str],
    pictures: LabelledPictures,
    data: TrainedOn,
    params: RegisterParams,
) -> Decision:
    """Promotes `version` if there is no objection; `texts` are its readings of `pictures`, `data` what it learnt from.

    If another version is promoted in the meantime, the decision is made again, against that version. If this pipeline
    run has promoted `version`, and was killed then, the decision is that of then, and the alias @champion is set.
    """
    gate_objections = objections(candidate, params)
    while True:
        promotions = champions.history(name)
        is_champion = bool(promotions) and promotions[-1].version == version
        if is_champion:
            champions.correct_alias(name)
            if not is_of_this_pipeline_run(Version(name, version)):
                return Decision(True, ["it was champion already"], None, None)
            promotions = promotions[:-1]
        present = promotions[-1] if promotions else None
        against, comparison, why = list(gate_objections), None, "the first champion"
        champion = present.version if present else None
        if champion:
            comparison, why = _compare_with_champion(name, champion, texts, pictures, data)
            against += objections_of_champion(comparison, params) if comparison else [why]
        if is_champion:
            return Decision(True, [why], champion, comparison)
        if against:
            return Decision(False, against, champion, comparison)
        if champions.try_promotion(name, version, why, present.number if present else 0):
            return Decision(True, [why], champion, comparison)
