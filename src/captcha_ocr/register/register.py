"""Ends a pipeline run: completes its MLflow run, registers the model, and decides whether it becomes champion."""

import base64
import io
from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.registry_decision import PairedCounts, RegistryDecision
from captcha_ocr.base.code_version import lock_digest
from captcha_ocr.base.files import sha256_of
from captcha_ocr.base.nested import numbers
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions, registry
from captcha_ocr.register.completion import RunContent, completed_run
from captcha_ocr.register.promotion import challenger, decide, texts_of
from captcha_ocr.register.registered_file import DIGEST_TAG, registered_file
from captcha_ocr.register.trained_on import ORIGIN_TAG, TrainedOn, trained_on
from captcha_ocr.tracking.runs import describe_run
from captcha_ocr.tracking.server_errors import clear_server_errors


def _example_picture() -> str:
    """A white picture, as PNG in base64: an example that is not a picture of the data set."""
    file = io.BytesIO()
    Image.new("L", (200, 50), 255).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _register(model: Path, results: PipelineResults, data: TrainedOn, run_id: str) -> registry.Version:
    tags = {DIGEST_TAG: sha256_of(model), registry.LOCK_TAG: lock_digest(), ORIGIN_TAG: results.provenance.origin}
    tags |= data.tags()
    name, metrics = results.params.register_.model_name, numbers(results.metrics.model_dump())
    version = registry.register_model(model, _example_picture(), name, tags, metrics, run_id)
    if results.params.register_.signing != "none":
        registry.sign_version(version, model.read_bytes(), results.params.register_.signing)
    registered_file(f"models:/{name}/{version.number}")  # raises where consumers would be refused it
    return version


@clear_server_errors()
def register(
    results: PipelineResults, content: RunContent, model: Path, pictures: LabelledPictures
) -> RegistryDecision:
    """Completes the MLflow run, registers the file `model` as @challenger, and promotes it if there is no objection.

    `pictures` are the test split, which challenger and champion read. Raises CaptchaOcrError if the store's server does
    not answer, if the model cannot be signed, or if consumers would be refused what has been registered.
    """
    name, data = results.params.register_.model_name, trained_on(results)
    with completed_run(content, {"dvc_lock_sha256": lock_digest()}) as completed:
        version = _register(model, results, data, completed.run_id)
    registry.set_challenger(version)
    texts = texts_of(Recognizer.load(model), pictures)
    candidate = challenger(model, texts, pictures, results)
    decided = decide(name, version.number, candidate, texts, pictures, data, results.params.register_)
    decision = RegistryDecision(
        model=name,
        version=version.number,
        run_id=completed.run_id,
        promoted=decided.promoted,
        reasons=decided.reasons,
        compared_with=decided.compared_with,
        comparison=PairedCounts(**decided.comparison.summary()) if decided.comparison else None,
        champion=champions.champion(name),
    )
    registry.describe(version, decision.sentence(), {"promoted": str(decision.promoted).lower()})
    describe_run(completed.run_id, f"{results.metrics.sentence()}; {decision.sentence()}")
    return decision
