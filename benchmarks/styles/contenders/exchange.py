"""What passes between the driver and a contender's process: a task goes in, readings come out, as JSON files.

Standard library only: contenders run in environments of their own.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Example = Sequence[str]  # the path of a picture, and the text on it


@dataclass(frozen=True)
class Task:
    """What to learn from, and the paths of the pictures to read. `settings` are the contender's own."""

    training: Sequence[Example]
    validation: Sequence[Example]
    judged: Sequence[str]
    seed: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The texts of the judged pictures, and what they took.

    confidences: p(text | picture), where the contender has such a thing. seconds: from the start of the process to the
    end of its fit, or those of reading where nothing was fitted. epochs, steps: of the fit. error: why it read nothing.
    notes: what else is worth knowing of the fit.
    """

    texts: Sequence[str]
    seconds: float
    confidences: Sequence[float] | None = None
    epochs: int | None = None
    steps: int | None = None
    error: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)


def write(value: Task | Answer, path: Path) -> None:
    """Writes a task or an answer."""
    path.write_text(json.dumps(asdict(value), ensure_ascii=False), encoding="utf-8")


def read(kind: type[Any], path: Path) -> Any:
    """Reads a task or an answer, whichever `kind` is."""
    return kind(**json.loads(path.read_text(encoding="utf-8")))


def answer_task(contender: Callable[[Task, Path], Answer]) -> None:
    """Hands the task that the command line names to `contender`, with a folder for its files, and writes its answer."""
    path = Path(sys.argv[1])
    write(contender(read(Task, path), path.parent), path.with_name("answer.json"))
