"""What a pass through the pipeline left in files: all that its run is to hold."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_json
from captcha_ocr.base.nested import flatten
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.train.stopping import Epoch

BEHIND = ("evaluate", "export", "report")  # the stages that read the record


@dataclass(frozen=True)
class Outcome:
    """Values of a pass, and its files by the folder of artifacts that they belong into."""

    params: Params
    record: dict[str, Any]
    provenance: dict[str, Any]
    history: list[Epoch]
    figures: dict[str, Any]
    files: dict[str, list[Path]]


def read_history(path: Path) -> list[Epoch]:
    """The epochs of history.csv, to the last bit. Raises CaptchaOcrError where there is no such file."""
    try:
        rows = pd.read_csv(path, float_precision="round_trip")
    except FileNotFoundError:
        raise CaptchaOcrError(f"{path} does not exist: run the stage that writes it, with `dvc repro`") from None
    return [Epoch(**row) for row in rows.to_dict("records")]


def _reported(reports: Path) -> list[Path]:
    """What the pass wrote before its registration; other folders hold cross-validation, comparisons and benchmarks."""
    files = [path for path in sorted(reports.iterdir()) if path.is_file() and not path.name.startswith(".")]
    files = [path for path in files if path.name != "registry.json"]
    return files + [folder for name in ("data_docs", "tensorboard") if (folder := reports / name).is_dir()]


def outcome(params: Path, record: Path, provenance: Path, reports: Path, models: Sequence[Path]) -> Outcome:
    """Of a pass that has come to its registration. Raises CaptchaOcrError where a file is missing."""
    if absent := [path.as_posix() for path in models if not path.is_file()]:
        raise CaptchaOcrError(f"{', '.join(absent)} does not exist: take it out of DVC's cache with `dvc checkout`")
    rules = read_json(reports / "validation.json")["rules"]
    figures = {"test": read_json(reports / "metrics.json"), "parity": read_json(reports / "parity.json")}
    files = {"reports": _reported(reports), "models": [*models, record], "": [params]}
    return Outcome(
        load_params(params),
        read_json(record),
        read_json(provenance),
        read_history(reports / "history.csv"),
        figures | {"validation": rules},
        files,
    )


def outcome_of_fit(params: Path, record: Path, provenance: Path, reports: Path) -> Outcome:
    """Of a pass that has come to the end of its training; the other reports may be an earlier one's."""
    history = reports / "history.csv"
    files = {"reports": [history], "models": [record], "": [params]}
    return Outcome(load_params(params), read_json(record), read_json(provenance), read_history(history), {}, files)


def _locked_stages() -> dict[str, Any]:
    lock = Path("dvc.lock")
    stages: dict[str, Any] = yaml.safe_load(lock.read_text(encoding="utf-8"))["stages"] if lock.exists() else {}
    return stages


def _entry(record: Path) -> dict[str, str]:
    return {"path": record.as_posix(), "md5": hashlib.md5(record.read_bytes(), usedforsecurity=False).hexdigest()}


def _is_stale(stage: dict[str, Any], entry: dict[str, str]) -> bool:
    """Whether a stage behind training ran on another record than `entry`."""
    return any(dep["path"] == entry["path"] and dep["md5"] != entry["md5"] for dep in stage.get("deps", []))


def check_parameters(params: Path, record: Path) -> None:
    """Raises CaptchaOcrError where `params` was edited since the stages of this record ran: they are not the run's."""
    given, entry = flatten(yaml.safe_load(params.read_text(encoding="utf-8"))), _entry(record)
    for name, stage in _locked_stages().items():
        used = {} if _is_stale(stage, entry) else flatten(stage.get("params", {}).get(params.as_posix(), {}))
        for key, value in used.items():
            if given.get(key) != value:
                raise CaptchaOcrError(
                    f"{key} in {params} is {given.get(key)}, and the stage {name} ran with {value}: take the edit "
                    "back, or run `dvc repro`"
                )


def is_reported(record: Path) -> bool:
    """Whether the stages behind training have run since it wrote `record`, as dvc.lock has it."""
    entry, stages = _entry(record), _locked_stages()
    return all(name in stages and not _is_stale(stages[name], entry) for name in BEHIND)
