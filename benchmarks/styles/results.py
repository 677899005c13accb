"""The results: a file of JSON lines, one for each job, which a later call goes on with."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.scoring.reliability import bins_of_equal_number, calibration_error

from .contenders.exchange import Answer
from .jobs import Job

PLATEAU = 0.9  # of the readings are the same text: nothing is read


@dataclass(frozen=True)
class Result:
    """A measurement. `exact_uncased` and `cer_uncased` do not tell small letters from capitals.

    one_case: whether the family's labels have letters of one case alone. plateau: whether nearly all readings are the
    same text. cores: how many the contender could use.
    """

    family: str
    contender: str
    labels: int
    seed: int
    on: str
    pictures: int
    exact: float
    cer: float
    exact_uncased: float
    cer_uncased: float
    one_case: bool
    calibration_error: float | None
    plateau: bool
    error: str
    seconds: float
    epochs: int | None
    steps: int | None
    cores: int
    notes: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, int, int, str]:
        """As that of its job."""
        return self.family, self.contender, self.labels, self.seed, self.on


def _calibration(answer: Answer, labels: Sequence[str]) -> float | None:
    if answer.confidences is None:
        return None
    exact = np.array([text == label for text, label in zip(answer.texts, labels, strict=True)])
    return calibration_error(bins_of_equal_number(np.array(answer.confidences), exact))


def scored(job: Job, answer: Answer, labels: Sequence[str], cores: int) -> Result:
    """How well the texts of an answer are those of the labels."""
    texts, text = list(answer.texts), "".join(labels)
    small, small_labels = [t.lower() for t in texts], [label.lower() for label in labels]
    return Result(
        family=job.family,
        contender=job.contender.name,
        labels=job.labels,
        seed=job.seed,
        on=job.on,
        pictures=len(labels),
        exact=exact_match(labels, texts),
        cer=character_error_rate(labels, texts),
        exact_uncased=exact_match(small_labels, small),
        cer_uncased=character_error_rate(small_labels, small),
        one_case=text in (text.lower(), text.upper()),
        calibration_error=_calibration(answer, labels),
        plateau=max(map(texts.count, set(texts))) >= PLATEAU * len(texts),
        error=answer.error,
        seconds=round(answer.seconds, 2),
        epochs=answer.epochs,
        steps=answer.steps,
        cores=cores,
        notes=dict(answer.notes),
    )


def append(result: Result, path: Path) -> None:
    """Adds a line to the file. Several drivers may do so at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def read(path: Path) -> list[Result]:
    """All results; of those with the same key the last. Raises CaptchaOcrError naming a line that is none."""
    found: dict[tuple[str, str, int, int, str], Result] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            result = Result(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise CaptchaOcrError(f"{path}, line {number} is no result ({error}): delete the line") from None
        found[result.key] = result
    return list(found.values())
