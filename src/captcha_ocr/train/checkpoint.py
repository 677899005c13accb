"""The state of an unfinished fit, so that a killed one resumes as if it had not been."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.params.section import Section

Arrays = list[NDArray[Any]]


@dataclass(frozen=True)
class FitState:
    """Every variable after an epoch (weights, optimiser, random seeds), the best weights, and the epochs so far."""

    variables: Arrays
    best: Arrays
    history: list[dict[str, Any]]


@dataclass(frozen=True)
class Checkpoint:
    """One state in a folder of its own. The folder's name is a hash of all that the fit depends on."""

    folder: Path

    @property
    def _file(self) -> Path:
        return self.folder / "state.npz"

    def save(self, state: FitState) -> None:
        """Replaces the earlier state in one step, so that a kill leaves the one or the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        arrays = _numbered("variable", state.variables) | _numbered("best", state.best)
        with draft.open("wb") as file:
            np.savez(file, history=np.array(json.dumps(state.history)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)

    def load(self) -> FitState | None:
        """The last state saved, or None."""
        if not self._file.exists():
            return None
        with np.load(self._file) as stored:
            history = json.loads(str(stored["history"]))
            return FitState(_in_order(stored, "variable"), _in_order(stored, "best"), history)

    @property
    def run_id(self) -> str | None:
        """The tracking run that the unfinished fit logs to."""
        note = self.folder / "run_id"
        return note.read_text(encoding="utf-8") if note.exists() else None

    def remember_run(self, run_id: str) -> None:
        """For `run_id`, should this fit be killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "run_id").write_text(run_id, encoding="utf-8")

    def clear(self) -> None:
        """Forgets the state, once the fit's result is safe."""
        shutil.rmtree(self.folder, ignore_errors=True)


def fit_key(splits: Path, *sections: Section) -> str:
    """A hash of all that a fit depends on: the split (whose files DVC holds fixed), parameters, backend and code."""
    digest = hashlib.sha256(splits.read_bytes())
    digest.update(json.dumps([section.model_dump() for section in sections]).encode())
    digest.update(f"{keras.backend.backend()} {keras.__version__}".encode())
    package = Path(__file__).parent.parent
    for file in sorted([*package.rglob("*.py"), *package.rglob("*.npz")]):  # the code and the pretrained weights
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _numbered(kind: str, arrays: Sequence[NDArray[Any]]) -> dict[str, Any]:
    return {f"{kind}_{i:05}": array for i, array in enumerate(arrays)}


def _in_order(stored: Any, kind: str) -> Arrays:
    return [stored[name] for name in sorted(stored.files) if name.startswith(kind)]
