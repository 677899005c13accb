"""Whether a model may become champion."""

from dataclasses import dataclass

from captcha_ocr.params.params import RegisterParams
from captcha_ocr.scoring.paired import Paired


@dataclass(frozen=True)
class Challenger:
    """What the gate looks at: metrics of the exported file on the test split, and whether that is of look-alikes."""

    exact_match: float
    cer: float
    ece: float
    text_mismatches: int  # between Keras and ONNX
    milliseconds: float
    kilobytes: float
    is_synthetic: bool


def objections(challenger: Challenger, params: RegisterParams) -> list[str]:
    """What speaks against @champion whichever version holds it, one sentence each; empty where nothing does."""
    low = [("exact match", challenger.exact_match, "min_exact_match", params.min_exact_match)]
    high = [
        ("CER", challenger.cer, "max_cer", params.max_cer),
        ("expected calibration error", challenger.ece, "max_ece", params.max_ece),
        ("milliseconds for one picture", challenger.milliseconds, "max_milliseconds", params.max_milliseconds),
        ("kilobytes", challenger.kilobytes, "max_kilobytes", params.max_kilobytes),
    ]
    # Written so that a value that is not a number (nan) passes neither.
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
    """What speaks against the first of `comparison` taking the place of the second, called `rival`."""
    low, _ = comparison.interval
    bound = 0.0 if params.against_champion == "better" else -params.margin
    if low > bound:
        return []
    wanted = "better than" if params.against_champion == "better" else f"within {100 * params.margin:g} points of"
    return [f"it is not shown to be {wanted} {rival}: {comparison.sentence()}"]
