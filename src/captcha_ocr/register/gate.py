"""The gate: what a model must satisfy to become champion."""

from dataclasses import dataclass

from captcha_ocr.params.params import RegisterParams
from captcha_ocr.scoring.paired import Paired


@dataclass(frozen=True)
class Challenger:
    """What the gate checks: metrics of the exported file on the test split.

    text_mismatches: pictures that Keras and ONNX read differently. milliseconds: median for one picture. kilobytes: of
    the file. is_synthetic: whether the pictures are rendered look-alikes.
    """

    exact_match: float
    cer: float
    ece: float
    text_mismatches: int
    milliseconds: float
    kilobytes: float
    is_synthetic: bool


def objections(challenger: Challenger, params: RegisterParams) -> list[str]:
    """Reasons against promotion that do not depend on the present champion, one sentence each.

    Empty if there are none.
    """
    low = [("exact match", challenger.exact_match, "min_exact_match", params.min_exact_match)]
    high = [
        ("CER", challenger.cer, "max_cer", params.max_cer),
        ("expected calibration error", challenger.ece, "max_ece", params.max_ece),
        ("milliseconds for one picture", challenger.milliseconds, "max_milliseconds", params.max_milliseconds),
        ("kilobytes", challenger.kilobytes, "max_kilobytes", params.max_kilobytes),
    ]
    # `not a >= b` rather than `a < b`: the value may be nan, which must not pass.
    reasons = [
        f"{name} {value:.4g} is below register.{key} {limit:g}" for name, value, key, limit in low if not value >= limit
    ]
    reasons += [
        f"{name} {value:.4g} is above register.{key} {limit:g}"
        for name, value, key, limit in high
        if not value <= limit
    ]
    if challenger.text_mismatches:
        reasons.append(f"{challenger.text_mismatches} texts differ between Keras and ONNX")
    if challenger.is_synthetic and not params.allow_synthetic:
        reasons.append("the pictures are rendered look-alikes, and register.allow_synthetic is false")
    return reasons


def objections_of_champion(comparison: Paired, params: RegisterParams, rival: str = "the champion") -> list[str]:
    """Reasons against replacing the second model of `comparison`, called `rival` in the text, by the first."""
    low, _ = comparison.interval
    bound = 0.0 if params.against_champion == "better" else -params.margin
    if low > bound:
        return []
    requirement = "better than" if params.against_champion == "better" else f"within {100 * params.margin:g} points of"
    return [f"it is not shown to be {requirement} {rival}: {comparison.sentence()}"]
