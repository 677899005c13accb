"""The end of a pass: everything into its run, the model into the registry, and the decision on the champion."""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from captcha_ocr.core.nested import numbers
from captcha_ocr.core.params import Params
from captcha_ocr.data.digest import sha256_of
from captcha_ocr.data.files import read_json
from captcha_ocr.delivery.promotion import TestPictures, challenge_of, decide, texts_of
from captcha_ocr.delivery.tracking import champions, registry
from captcha_ocr.delivery.tracking.runs import completed_run, log_files
from captcha_ocr.recognizer import Recognizer


def _blank_page() -> str:
    """An example, not a picture of the data set: white, as PNG in base64."""
    file = io.BytesIO()
    Image.new("L", (200, 50), 255).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _register(model_path: Path, name: str, origin: str, metrics: Mapping[str, Any]) -> registry.Version:
    tags = {"onnx_sha256": sha256_of(model_path), "data_origin": origin}
    return registry.register_model(model_path, _blank_page(), name, tags, numbers(metrics))


def _reported(reports: Path) -> list[Path]:
    """What this pass wrote; other folders hold cross-validation, comparisons and benchmarks."""
    files = [path for path in sorted(reports.iterdir()) if path.is_file() and not path.name.startswith(".")]
    return files + [folder for name in ("data_docs", "tensorboard") if (folder := reports / name).is_dir()]


def register(
    params: Params,
    model: Path,
    others: Sequence[Path],
    record_path: Path,
    provenance_path: Path,
    reports: Path,
    pictures: TestPictures,
) -> dict[str, Any]:
    """Completes the run, registers the file `model` as @challenger, and as @champion where nothing speaks against it.

    `others` are logged with it; `pictures` are the test split, which challenger and champion read. Returns the
    decision, as registry.json holds it.
    """
    provenance, record = read_json(provenance_path), read_json(record_path)
    metrics, parity = read_json(reports / "metrics.json"), read_json(reports / "parity.json")
    origin, name = provenance["origin"], params.register_.model_name
    figures = {"test": metrics, "parity": parity, "validation": read_json(reports / "validation.json")["rules"]}
    with completed_run(record, params, provenance, figures) as run_id:
        models = [model, *others, record_path]
        log_files({"reports": _reported(reports), "models": models, "": [Path("params.yaml")]})
        version = _register(model, name, origin, metrics)
    registry.set_challenger(version)
    texts = texts_of(Recognizer.load(model), pictures)
    challenge = challenge_of(model, texts, pictures, reports, origin)
    decision = decide(name, version.number, challenge, texts, pictures, params.register_)
    registry.describe(version, decision.sentence(), {"promoted": str(decision.promoted).lower()})
    return {
        "model": name,
        "version": version.number,
        "run_id": run_id,
        **decision.as_json(),
        "champion": champions.champion(name),
    }
