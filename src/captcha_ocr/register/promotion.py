"""Whether a registered version becomes champion: floors, then the reigning champion on the same pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_json
from captcha_ocr.network.samples import Pictures
from captcha_ocr.params.params import RegisterParams
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenge, objections, objections_of_champion
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.scoring.paired import Paired, paired


@dataclass(frozen=True)
class Decision:
    """Whether the version is champion now, why or why not, and how it compares with the champion that it met."""

    promoted: bool
    reasons: list[str]
    met: str | None
    comparison: Paired | None

    def as_json(self) -> dict[str, Any]:
        """For registry.json."""
        comparison = self.comparison.as_json() if self.comparison else None
        return {"promoted": self.promoted, "reasons": self.reasons, "met": self.met, "comparison": comparison}

    def sentence(self) -> str:
        """For a person."""
        fate = "champion" if self.promoted else "challenger only"
        return f"{fate}: {'; '.join(self.reasons)}"


def challenge_of(model: Path, texts: Sequence[str], pictures: Pictures, reports: Path, origin: str) -> Challenge:
    """The figures of the exported file; calibration, parity and latency are as the reports of the pass have them."""
    return Challenge(
        exact_match=exact_match(pictures.labels, texts),
        cer=character_error_rate(pictures.labels, texts),
        ece=read_json(reports / "metrics.json")["ece"],
        text_mismatches=read_json(reports / "parity.json")["text_mismatches"],
        milliseconds=read_json(reports / "export.json")["files"]["float32"]["p50_ms"]["1"],
        kilobytes=model.stat().st_size / 1000,
        origin=origin,
    )


def texts_of(recognizer: Recognizer, pictures: Pictures) -> list[str]:
    """What a recogniser reads of the test split."""
    return [reading.text for reading in recognizer.read(pictures.paths)]


def _meet(name: str, version: str, texts: Sequence[str], pictures: Pictures) -> tuple[Paired | None, str]:
    """The challenger's texts against those of the champion `version`, and the outcome as a sentence."""
    try:
        reigning = texts_of(Recognizer.load(f"models:/{name}/{version}"), pictures)
    except CaptchaOcrError as error:
        return None, f"the champion, version {version}, cannot be read with ({error}): promote by hand if it is to go"
    comparison = paired(pictures.labels, texts, reigning)
    return comparison, comparison.sentence()


def decide(
    name: str,
    version: str,
    challenge: Challenge,
    texts: Sequence[str],
    pictures: Pictures,
    params: RegisterParams,
) -> Decision:
    """Promotes `version` where nothing speaks against it.

    Where another version is promoted in the meantime, it is compared with that one.
    """
    against = objections(challenge, params)
    while True:
        held = champions.history(name)
        reigning = held[-1] if held else None
        if reigning and reigning.version == version:
            return Decision(True, ["it was champion already"], None, None)
        met = reigning.version if reigning else None
        comparison, why = _meet(name, met, texts, pictures) if met else (None, "the first champion")
        reasons = list(against)
        if met:
            reasons += objections_of_champion(comparison, params) if comparison else [why]
        if reasons:
            return Decision(False, reasons, met, comparison)
        if champions.claim(name, version, why, reigning.number if reigning else 0):
            return Decision(True, [why], met, comparison)
