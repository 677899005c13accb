"""One fit on some of the labels, read on the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PICTURES, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.expect.draws import order, parts, sizes
from captcha_ocr.expect.plan import Plan
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples, load_samples
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.train.train import train


@dataclass(frozen=True)
class DrawFit:
    """A number of labels, and which draw of them."""

    labels: int
    draw: int


def planned(plan: Plan, labels: int) -> list[DrawFit]:
    """All fits, the smallest first; raises CaptchaOcrError as `sizes` does."""
    return [DrawFit(size, draw) for size in sizes(labels, plan.first) for draw in range(plan.draws)]


def drawable(splits: Splits) -> Splits:
    """The labels that may be drawn: all but those of the test split."""
    return splits.where(splits.split != "test")


def reading_of(network: keras.Model, samples: Samples, codec: Codec) -> tuple[float, float]:
    """Exact match and CER of what the network reads of the samples."""
    texts = greedy_decode(read_logits(network, samples.inputs), codec)
    return exact_match(samples.labels, texts), character_error_rate(samples.labels, texts)


def fit_draw(job: DrawFit, seed: int, alphabet: str, params: TrainParams, root: Path = Path()) -> dict[str, Any]:
    """Fits on the labels that the job draws, as a pipeline run would; a row of DrawFits.

    Raises CaptchaOcrError as `train` does, but not where the network never begins to read: that is a result.
    """
    splits, codec = drawable(Splits.read(root / SPLITS)), Codec(alphabet)
    samples = load_samples(splits.pictures(PictureShards(root / PICTURES)), params.input_size)
    rows = order(len(samples.labels), job.draw, seed)
    training, validation = parts(rows[: job.labels], float((splits.split == "validation").mean()))
    fit_params = params.model_copy(update={"seed": seed + job.draw, "plateau_epochs": 0})
    sides = samples.taken(training), samples.taken(validation)
    fitted = train(*sides, codec, fit_params, lambda epoch: None)
    undrawn = samples.taken(rows[job.labels :])
    exact, cer = reading_of(fitted.network, undrawn, codec)
    return {
        "labels": job.labels,
        "draw": job.draw,
        "pictures": len(undrawn.labels),
        "exact": round(exact * len(undrawn.labels)),
        "cer": cer,
        "epochs": fitted.record.epochs,
        "seconds": round(fitted.record.seconds, 1),
    }


def missing(jobs: list[DrawFit], done: Iterator[Any]) -> list[DrawFit]:
    """The jobs that are not among the rows `done`."""
    known = {(row.labels, row.draw) for row in done}
    return [job for job in jobs if (job.labels, job.draw) not in known]
