"""What a model was trained on, as far as it decides whether two models may be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlflow import MlflowClient

from captcha_ocr.artifacts.lineage import lineage
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.provenance import Origin
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer

LINEAGE_TAG, ORIGIN_TAG, ALPHABET_TAG = "data_lineage", "data_origin", "alphabet"
MOST_SYMBOLS = 1000  # in a tag: MLflow's servers refuse long ones


@dataclass(frozen=True)
class TrainedOn:
    """The alphabet of a model, and the lineage of its data set (`artifacts/lineage.py`)."""

    alphabet: str
    lineage: str

    def tags(self) -> dict[str, str]:
        """The fields as tags of a registered version."""
        long = len(self.alphabet) > MOST_SYMBOLS
        return {
            LINEAGE_TAG: self.lineage,
            ALPHABET_TAG: f"{len(self.alphabet)} symbols" if long else self.alphabet,
        }

    def differences(self, other: "TrainedOn") -> list[str]:
        """Why a model of this and one of `other` are not comparable, as phrases; empty where they are."""
        phrases = []
        if self.lineage != other.lineage:
            phrases.append(f"its data set is {other.lineage!r}, and not {self.lineage!r}")
        if lacking := sorted(set(self.alphabet) - set(other.alphabet)):
            phrases.append(f"its alphabet lacks {''.join(lacking)}")
        if further := sorted(set(other.alphabet) - set(self.alphabet)):
            phrases.append(f"its alphabet also has {''.join(further)}")
        return phrases


def trained_on(results: PipelineResults) -> TrainedOn:
    """What the model of a pipeline run was trained on."""
    return TrainedOn(results.record.alphabet, lineage(results.provenance.origin, results.params.fetch.source))


def _lineage_in_file(metadata: Mapping[str, Any], origin: str | None) -> str:
    """The lineage of a version without the tag, by the parameters in its file; they do not say what was rendered."""
    try:
        source = metadata["parameters"]["fetch"]["source"]
    except (KeyError, TypeError):
        raise CaptchaOcrError("neither its tags nor its file say which pictures it was trained on") from None
    found: Origin = "synthetic" if origin == "synthetic" else "own" if source else "pinned"
    return lineage(found, source)


def registered_trained_on(name: str, version: str, recognizer: Recognizer) -> TrainedOn:
    """What the registered version, loaded as `recognizer`, was trained on: by its tags, or else by its file.

    Raises CaptchaOcrError where neither says it.
    """
    tags = MlflowClient().get_model_version(name, version).tags
    found = tags.get(LINEAGE_TAG) or _lineage_in_file(recognizer.metadata, tags.get(ORIGIN_TAG))
    return TrainedOn(recognizer.codec.alphabet, found)
