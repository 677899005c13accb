"""Decides the seed of the split, so that training has every symbol and no split is empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from captcha_ocr.adopt.decision import Decision, Doubt
from captcha_ocr.adopt.labels import FEW_LABELS, files_by_symbol
from captcha_ocr.adopt.pictures import Look
from captcha_ocr.artifacts.splits import SIDES
from captcha_ocr.base.errors import listed
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import SplitParams
from captcha_ocr.split.assignment import side_of

KEY = "split.seed"
SEEDS = 500  # that are tried


@dataclass(frozen=True)
class _Splitting:
    """Which side a picture comes to, as `split.assignment.sides` decides it: `given` are the splits of the source."""

    digests: Mapping[str, str]
    given: Mapping[str, str]

    def sides(self, files: Iterable[str], params: SplitParams) -> set[str]:
        """The sides of the pictures `files` whose pixels are known."""
        fixed = set(self.given.values()) - {"train"}
        found = set()
        for file in files:
            if file in self.digests:
                own, drawn = self.given.get(file), side_of(self.digests[file], params)
                found.add(own if own in fixed else "train" if drawn in fixed else drawn)
        return found


def decide_seed(
    entries: Sequence[Entry], looks: Mapping[str, Look], params: SplitParams, own: int | None = None
) -> Decision:
    """The first seed with which training has every symbol and, where `looks` are of all pictures, no split is empty.

    A symbol in many labels is taken to be in training. `own` is the seed that the user has set, and no other is tried.
    """
    splitting = _Splitting(
        {file: look.digest for file, look in looks.items()},
        {entry.file: entry.split for entry in entries if entry.split},
    )
    labels = {entry.file: entry.text for entry in entries if entry.text}
    rare = {symbol: files for symbol, files in files_by_symbol(labels).items() if len(files) <= FEW_LABELS}
    tried = [params.model_copy(update={"seed": seed}) for seed in (range(SEEDS) if own is None else (own,))]
    for candidate in tried:
        complete = len(looks) < len(entries) or splitting.sides(looks, candidate) == set(SIDES)
        if complete and all("train" in splitting.sides(files, candidate) for files in rare.values()):
            return Decision({KEY: candidate.seed})
    text = f"`split` may stop: too few pictures, or too few with {listed(sorted(rare))}"
    return Decision({KEY: tried[0].seed}, (Doubt(KEY, text),))
