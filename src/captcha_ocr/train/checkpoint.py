"""The state of an unfinished fit, so that a killed one resumes as if it had not been."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.start import Start
from captcha_ocr.base.files import NPZ_DAMAGE, remove, replacing, write_text
from captcha_ocr.base.sole_writer import sole_writer
from captcha_ocr.params.section import Section

Arrays = list[NDArray[Any]]
ATTEMPT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class FitState:
    """Every variable after an epoch (weights, optimiser, random seeds), the best weights, and the epochs so far.

    losses: of each validation picture after each epoch, [epochs, pictures].
    """

    variables: Arrays
    best: Arrays
    history: list[dict[str, Any]]
    losses: NDArray[Any]


@dataclass(frozen=True)
class Checkpoint:
    """One state in a folder of its own. The folder's name is a hash of all that the fit depends on."""

    folder: Path

    @property
    def _file(self) -> Path:
        return self.folder / "state.npz"

    @property
    def _note(self) -> Path:
        return self.folder / "attempt"

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Holds the state for the block, so that no other process makes the same fit; drops it if it is damaged.

        Raises CaptchaOcrError, naming the other process, if there is one.
        """
        with sole_writer(self.folder / "lock", "the stage train", f"the state of the same fit, {self.folder}"):
            self._drop_damaged()
            yield self

    def _drop_damaged(self) -> None:
        try:
            self.epochs()
            if not self.is_new and not ATTEMPT.fullmatch(self.attempt()):
                raise ValueError(f"{self._note.name} holds no id")
        except NPZ_DAMAGE as error:
            print(f"{self.folder} is damaged ({error}): the fit starts anew, in a new run", flush=True)
            for path in (self._file, self._note):
                remove(path)

    def save(self, state: FitState) -> None:
        """Replaces the earlier state in one step, so that a kill leaves the one or the other."""
        arrays = _numbered("variable", state.variables) | _numbered("best", state.best)
        with replacing(self._file, durable=True) as draft:
            np.savez(draft, history=np.array(json.dumps(state.history)), losses=state.losses, **arrays)

    def load(self) -> FitState | None:
        """The last state saved, or None."""
        if not self._file.exists():
            return None
        with np.load(self._file) as stored:
            history = json.loads(str(stored["history"]))
            return FitState(_in_order(stored, "variable"), _in_order(stored, "best"), history, stored["losses"])

    def epochs(self) -> list[Epoch]:
        """Those of the last state saved."""
        state = self.load()
        return [Epoch(**row) for row in state.history] if state else []

    @property
    def is_new(self) -> bool:
        """Whether the fit has never been started."""
        return not self._note.exists()

    def attempt(self) -> str:
        """A random id of the fit, the same after a kill: by it the fit finds the tracking run that it logs to."""
        if self.is_new:
            write_text(self._note, uuid4().hex, durable=True)
        return self._note.read_text(encoding="utf-8")

    def clear(self) -> None:
        """Forgets the state, once the fit's result is safe."""
        shutil.rmtree(self.folder, ignore_errors=True)


def fit_key(splits: Path, start: Start, *sections: Section) -> str:
    """A hash of all that a fit depends on: the split (whose files DVC holds fixed), the network that it starts from,
    parameters, backend and code.
    """
    digest = hashlib.sha256(splits.read_bytes())
    digest.update(start.sha256.encode())
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
