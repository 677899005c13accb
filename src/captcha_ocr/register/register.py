"""The end of a pass: everything into its run, the model into the registry, and the decision on the champion."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from captcha_ocr.artifacts.pipeline_run import Outcome
from captcha_ocr.base.code_version import lock_digest
from captcha_ocr.base.nested import numbers
from captcha_ocr.fetch.digest import sha256_of
from captcha_ocr.network.samples import Pictures
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions, registry
from captcha_ocr.register.promotion import challenge_of, decide, texts_of
from captcha_ocr.report.words import result
from captcha_ocr.tracking.completion import completed_run
from captcha_ocr.tracking.runs import describe_run
from captcha_ocr.tracking.server_errors import no_server_is_a_clear_error


def _blank_page() -> str:
    """An example, not a picture of the data set: white, as PNG in base64."""
    file = io.BytesIO()
    Image.new("L", (200, 50), 255).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _register(model_path: Path, name: str, origin: str, metrics: Mapping[str, Any]) -> registry.Version:
    tags = {"onnx_sha256": sha256_of(model_path), "data_origin": origin}
    return registry.register_model(model_path, _blank_page(), name, tags, numbers(metrics))


@no_server_is_a_clear_error()
def register(found: Outcome, model: Path, pictures: Pictures, reports: Path) -> dict[str, Any]:
    """Completes the run, registers the file `model` as @challenger, and as @champion where nothing speaks against it.

    `pictures` are the test split, which challenger and champion read; `reports` hold what the stages before found of
    it. Returns the decision, as registry.json holds it. Raises CaptchaOcrError where the store's server is away.
    """
    name, origin = found.params.register_.model_name, found.provenance["origin"]
    with completed_run(found, lock_digest()) as completed:
        version = _register(model, name, origin, found.figures["test"])
    registry.set_challenger(version)
    texts = texts_of(Recognizer.load(model), pictures)
    challenge = challenge_of(model, texts, pictures, reports, origin)
    decision = decide(name, version.number, challenge, texts, pictures, found.params.register_)
    registry.describe(version, decision.sentence(), {"promoted": str(decision.promoted).lower()})
    describe_run(completed.run_id, f"{result(found.figures['test'])}. Version {version.number}, {decision.sentence()}")
    return {
        "model": name,
        "version": version.number,
        "run_id": completed.run_id,
        **decision.as_json(),
        "champion": champions.champion(name),
    }
