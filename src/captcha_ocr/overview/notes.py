"""What about the data set may need attention, in plain words, each with the parameters to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.errors import listed
from captcha_ocr.base.wording import percent
from captcha_ocr.overview.symbols import TOTAL, visible
from captcha_ocr.params.params import ValidateParams
from captcha_ocr.pictures.input_size import InputSize

FEW_TESTED = 100  # pictures of the test split below which its metrics are uncertain by several percentage points
SPREAD = 1.5  # quotient of proportions, or of sizes, from which stretching or shrinking is worth a note
SHRUNK = 0.05  # share of the pictures from which shrinking is worth a note
KNOWN_LABELS = 0.1  # share of the test pictures whose label was trained on, from which it is worth a note


@dataclass(frozen=True)
class Note:
    """What was found, and the parameters or other things to look at."""

    text: str
    look_at: str


def _shown(symbols: Sequence[str]) -> str:
    return listed([visible(symbol) for symbol in symbols])


def symbol_notes(counts: pd.DataFrame, params: ValidateParams) -> list[Note]:
    """On rare symbols, and on those that validation or test do not have; `counts` as `symbol_counts` gives them."""
    notes = []
    rare = counts.index[counts[TOTAL] < params.min_symbol_count].tolist()[::-1]
    if rare:
        notes.append(
            Note(
                f"{len(rare)} of {len(counts)} symbols occur less than {params.min_symbol_count} times in all labels: "
                f"{_shown(rare)}. Rare symbols are read badly: add pictures with them.",
                "validate.min_symbol_count",
            )
        )
    for side in ("validation", "test"):
        absent = counts.index[counts[side] == 0].tolist()
        if absent:
            notes.append(
                Note(
                    f"{len(absent)} of {len(counts)} symbols are in no {side} label: {_shown(absent)}. The metrics of "
                    f"the {side} split say nothing about them.",
                    f"split.{side}",
                )
            )
    return notes


def _shrunk(frame: pd.DataFrame, size: InputSize) -> float:
    """The share of the pictures whose width or height the network gets SPREAD times smaller."""
    counts = frame.groupby(["width", "height"]).size()
    scaled = [size.sides(width, height) for width, height in counts.index]
    small = [
        width > SPREAD * fitted_width or height > SPREAD * fitted_height
        for (width, height), (fitted_width, fitted_height) in zip(counts.index, scaled, strict=True)
    ]
    return float(counts[small].sum() / len(frame))


def shape_notes(frame: pd.DataFrame, size: InputSize) -> list[Note]:
    """On pictures of very different proportions, and on those that the network gets much smaller than they are."""
    notes = []
    low, high = (frame["width"] / frame["height"]).quantile([0.05, 0.95])
    if size.fit == "stretch" and high > SPREAD * low:
        notes.append(
            Note(
                f"Most pictures are {low:.1f} to {high:.1f} times as wide as high, and all are stretched to "
                f"{size.width} × {size.height} pixels: the same symbol becomes wide in one and narrow in another. pad "
                "would keep their proportions.",
                "train.fit",
            )
        )
    shrunk = _shrunk(frame, size)
    if shrunk > SHRUNK:
        notes.append(
            Note(
                f"{percent(shrunk, 0)} of the pictures are shrunk to less than two thirds of their width or height, "
                f"since the network takes {size.width} × {size.height} pixels. Look below whether their text can still "
                "be read.",
                "train.width, train.height",
            )
        )
    return notes


def split_notes(frame: pd.DataFrame) -> list[Note]:
    """On a small test split, and on test pictures whose label was trained on."""
    tested, trained = frame[frame["split"] == "test"], frame[frame["split"] == "train"]
    notes = []
    if len(tested) < FEW_TESTED:
        notes.append(
            Note(
                f"The test split has only {len(tested)} pictures: chance alone moves its metrics by several percentage "
                "points.",
                "split.test",
            )
        )
    known = tested["label"].isin(set(trained["label"])).mean()
    if known > KNOWN_LABELS:
        notes.append(
            Note(
                f"{percent(known, 0)} of the test pictures have a label that a training picture has, too. Texts that "
                "the network never saw may be read worse than the metrics say.",
                "fetch.split_column, to keep pictures of the same text in one split",
            )
        )
    return notes


def twin_notes(groups: Sequence[pd.DataFrame]) -> list[Note]:
    """On pictures with equal pixels, in groups as `duplicates` gives them."""
    if not groups:
        return []
    pictures, differing = sum(map(len, groups)), sum(group["label"].nunique() > 1 for group in groups)
    text = f"{pictures} pictures equal another one, pixel by pixel. Groups of them: {len(groups)}"
    labels = f"; with different labels, of which at most one is right: {differing}" if differing else ""
    return [Note(f"{text}{labels}.", "duplicates, below")]


def validation_notes(report: ValidationReport) -> list[Note]:
    """On what only validation knows: labels that need nearly all time steps, and pictures that look nearly alike."""
    notes = []
    if crowded := report.rules.get("label_has_room", 0):
        notes.append(
            Note(
                f"{crowded} labels are nearly too long for the time steps that the network has for a picture: they "
                "are learnt slowly.",
                "train.width",
            )
        )
    if near := report.rules.get("near_duplicate", 0):
        notes.append(
            Note(
                f"{near} pictures look nearly like another one. If one is trained on and the other tested, the metrics "
                "are too good: see the most alike pictures below.",
                "validate.near_duplicate_bits",
            )
        )
    return notes
