"""What is measured: contenders, on families, with so many labels and a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError, listed

from .families import TRAINING

OWN = ""  # the environment of the project itself


@dataclass(frozen=True)
class Contender:
    """A recogniser: its module of `contenders/`, the environment that runs it, and its settings."""

    name: str
    environment: str
    module: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    learns: bool = True


CONTENDERS = (
    Contender("default", OWN, "own"),
    Contender("scratch", OWN, "own", {"pretrained": False}),
    Contender("fast-plate-ocr", "peer", "peer"),
    Contender("ddddocr", "untrained", "untrained", {"reader": "ddddocr"}, learns=False),
    Contender("rapidocr", "untrained", "untrained", {"reader": "rapidocr"}, learns=False),
)
SEEDS = {500: (0, 1, 2)}  # by the number of labels; seed 0 alone for the others


@dataclass(frozen=True)
class Job:
    """One measurement: one row of the results. Without labels, nothing is fitted."""

    family: str
    contender: Contender
    labels: int
    seed: int
    on: str

    @property
    def key(self) -> tuple[str, str, int, int, str]:
        """What tells it from the others, in the results too."""
        return self.family, self.contender.name, self.labels, self.seed, self.on


def contender(name: str) -> Contender:
    """The contender of that name; raises CaptchaOcrError if there is none."""
    for known in CONTENDERS:
        if known.name == name:
            return known
    raise CaptchaOcrError(f"there is no contender {name!r}: name one of {listed([known.name for known in CONTENDERS])}")


def renamed(base: Contender, name: str, settings: Mapping[str, Any]) -> Contender:
    """A contender that differs from another by its settings, under a name of its own."""
    if any(known.name == name for known in CONTENDERS):
        raise CaptchaOcrError(f"with --set, {name!r} is no longer that contender: give it another --name")
    return Contender(name, base.environment, base.module, {**base.settings, **settings}, base.learns)


def seeds_for(labels: int) -> Sequence[int]:
    """The seeds that are fitted with so many labels."""
    return SEEDS.get(labels, (0,))


def plan(
    families: Sequence[str],
    chosen: Sequence[Contender],
    labels: Sequence[int],
    on: str,
    seeds: Sequence[int] | None = None,
) -> list[Job]:
    """The jobs for a selection, family by family; of those that learn only `seeds`, where they are given.

    Contenders that do not learn come once each.
    """
    jobs = []
    for name, one in product(families, chosen):
        if one.learns:
            jobs += [Job(name, one, count, seed, on) for count in labels for seed in seeds or seeds_for(count)]
        else:
            jobs.append(Job(name, one, 0, TRAINING[0].seed, on))
    return jobs
