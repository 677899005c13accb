"""Which fits a comparison of architectures makes, and about how long they take."""

from collections.abc import Mapping
from dataclasses import dataclass

from captcha_ocr.base.wording import duration
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.schedule import steps_per_epoch

RECIPES = {"own": "as published", "project": "this project's"}  # values of train.recipe, in words
# Milliseconds of fitting for each picture that is shown, with the reading of the validation pictures, at the input size
# of the architecture and on two cores of an x86-64 server CPU: the table in docs/results.md.
MILLISECONDS = {"compact": 2.6, "keras_io": 5.3, "crnn_v1": 2.4, "residual_bilstm": 7.9, "conv5_bigru": 12.0}


@dataclass(frozen=True)
class ComparedFit:
    """One architecture with one recipe, a key of RECIPES."""

    architecture: str
    recipe: str

    @property
    def experiment(self) -> str:
        """The name of its DVC experiment."""
        return f"compare-{self.architecture}-{self.recipe}"

    def __str__(self) -> str:
        return f"{self.architecture} ({RECIPES[self.recipe]})"


def most_seconds(params: TrainParams, pictures: int) -> float | None:
    """About how long a fit to `pictures` takes to its last epoch; None for an architecture that was not measured."""
    if params.architecture not in MILLISECONDS:
        return None
    shown = params.epochs * steps_per_epoch(pictures, params) * params.batch_size
    return shown * MILLISECONDS[params.architecture] / 1000


def announcement(fits: Mapping[ComparedFit, TrainParams], pictures: int | None) -> str:
    """How many fits there are, and about how long they take to so many training pictures; None: not known yet."""
    said = f"Fits, {len(fits)} in all: {', '.join(map(str, fits))}"
    if pictures is None:
        return f"{said}\nHow long they take can be said after `make repro`, which counts the training pictures"
    seconds = {params.architecture: most_seconds(params, pictures) for params in fits.values()}
    unknown = [name for name, found in seconds.items() if found is None]
    total = sum(most_seconds(params, pictures) or 0 for params in fits.values())
    without = f", without {', '.join(unknown)}, whose time was not measured" if unknown else ""
    return (
        f"{said}\nOn two cores about {duration(total)}{without}, if each goes to its last epoch; one "
        "that has been run before comes from DVC's cache"
    )
