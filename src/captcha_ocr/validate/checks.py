"""The rules that pictures and labels must satisfy, as Great Expectations expectations with severity and remedy."""

import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd
from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.ctc.time_steps import comfortable_time_steps, time_steps_needed
from captcha_ocr.params.params import TextParams, ValidateParams
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.twins import equal_pixels, equal_pixels_of_another, near_twins

ERROR, WARNING = FailureSeverity.CRITICAL, FailureSeverity.WARNING


@dataclass(frozen=True)
class Rule:
    """A named check. `shown` is the column whose value an error quotes in brackets after the picture's name.

    of_set: whether it is about all pictures together; a single picture that breaks another rule may be set aside.
    """

    name: str
    expectation: Expectation
    severity: FailureSeverity
    shown: str
    remedy: str
    of_set: bool = False


def _foreign(label: str, alphabet: frozenset[str]) -> str | None:
    """The symbols of a label that the alphabet lacks; None if it has all."""
    return "".join(sorted(set(label) - alphabet)) or None


def _sides(given: pd.Series) -> pd.Series:
    """The split that each picture is meant for by the source; missing in a source that gives no split at all."""
    return given.fillna("train") if given.notna().any() else given


def _squeezed(manifest: Manifest, time_steps: int, input_size: InputSize) -> pd.Series:
    """For each label with more time steps than its picture covers beside the padding, a message; missing otherwise."""
    sized = manifest.frame.dropna(subset=["label", "width", "height"])
    messages = {}
    for row in sized.itertuples() if input_size.fit == "pad" else ():
        needed, own_width = time_steps_needed(row.label), input_size.sides(int(row.width), int(row.height))[0]
        covered = input_size.lines * math.ceil(time_steps // input_size.lines * own_width / input_size.width)
        if needed > covered:
            messages[row.Index] = f"needs {needed} time steps, and its picture covers {covered}"
    return pd.Series(messages, index=manifest.frame.index, dtype=object)


def checked_columns(
    manifest: Manifest, params: ValidateParams, alphabet: str, time_steps: int, input_size: InputSize
) -> pd.DataFrame:
    """The data that `picture_rules` check, one row for each picture: the manifest and columns computed from it."""
    size = manifest.width.astype(str) + "x" + manifest.height.astype(str)
    symbols, label = frozenset(alphabet), manifest.label
    return manifest.frame.assign(
        size=size.where(manifest.width.notna()),
        foreign=label.map(lambda text: _foreign(text, symbols), na_action="ignore").astype(object),
        steps_needed=label.map(time_steps_needed, na_action="ignore"),
        steps_comfortable=label.map(comfortable_time_steps, na_action="ignore"),
        squeezed=_squeezed(manifest, time_steps, input_size),
        twin_other_label=equal_pixels_of_another(manifest, label),
        twin_same_label=equal_pixels(manifest, label),
        twin_other_side=equal_pixels_of_another(manifest, _sides(manifest.given_split)),
        near_twin=near_twins(manifest, params.near_duplicate_bits),
    )


def symbol_counts(manifest: Manifest, alphabet: str) -> pd.DataFrame:
    """How often each symbol of the alphabet occurs in all labels. Columns: symbol, count."""
    counts = Counter("".join(manifest.label.dropna()))
    return pd.DataFrame({"symbol": list(alphabet), "count": [counts[symbol] for symbol in alphabet]})


def _label_rules(text: TextParams) -> list[Rule]:
    lengths = {"min_value": text.min_length, "max_value": text.max_length}
    return [
        Rule(
            "label_found",
            gxe.ExpectColumnValuesToNotBeNull(column="label"),
            ERROR,
            "label",
            "give the picture a label (docs/sources.md), or change text.label_pattern",
        ),
        Rule(
            "label_alphabet",
            gxe.ExpectColumnValuesToBeNull(column="foreign"),
            ERROR,
            "label",
            "correct the label, or add its symbols to text.alphabet",
        ),
        Rule(
            "label_length",
            gxe.ExpectColumnValueLengthsToBeBetween(column="label", **lengths),
            ERROR,
            "label",
            "correct the label, or change text.min_length and text.max_length",
        ),
    ]


def _time_step_rules(time_steps: int) -> list[Rule]:
    return [
        Rule(
            "label_fits",
            gxe.ExpectColumnValuesToBeBetween(column="steps_needed", max_value=time_steps),
            ERROR,
            "steps_needed",
            f"the network has {time_steps} time steps for a picture: raise train.width",
        ),
        Rule(
            "label_has_room",
            gxe.ExpectColumnValuesToBeBetween(column="steps_comfortable", max_value=time_steps),
            WARNING,
            "steps_comfortable",
            f"the label fits into the network's {time_steps} time steps, but learning is slower without a blank beside "
            "each symbol: raise train.width",
        ),
        Rule(
            "label_covered",
            gxe.ExpectColumnValuesToBeNull(column="squeezed"),
            WARNING,
            "squeezed",
            "the picture is narrow and mostly padding: raise train.height and train.width, or set train.fit to stretch",
        ),
    ]


def _pixel_rules(params: ValidateParams) -> list[Rule]:
    rules = [
        Rule(
            "decodes",
            gxe.ExpectColumnValuesToBeNull(column="error"),
            ERROR,
            "error",
            "replace or remove the picture",
        ),
        Rule(
            "contrast",
            gxe.ExpectColumnValuesToBeBetween(column="contrast", min_value=params.min_contrast),
            ERROR,
            "contrast",
            "remove the blank picture, or lower validate.min_contrast",
        ),
    ]
    if params.sizes:
        sizes = [f"{width}x{height}" for width, height in params.sizes]
        size = gxe.ExpectColumnValuesToBeInSet(column="size", value_set=sizes)
        rules.append(Rule("size", size, ERROR, "size", "correct the picture, or add its size to validate.sizes"))
    if params.modes:
        mode = gxe.ExpectColumnValuesToBeInSet(column="mode", value_set=list(params.modes))
        rules.append(Rule("mode", mode, ERROR, "mode", "convert the picture, or add its mode to validate.modes"))
    return rules


def _twin_rules() -> list[Rule]:
    return [
        Rule(
            "duplicate_other_label",
            gxe.ExpectColumnValuesToBeNull(column="twin_other_label"),
            ERROR,
            "twin_other_label",
            "keep the one whose label is right",
        ),
        Rule(
            "given_split_leak",
            gxe.ExpectColumnValuesToBeNull(column="twin_other_side"),
            ERROR,
            "twin_other_side",
            "take one of them out of the source: a picture that is trained on cannot test the network",
        ),
        Rule(
            "duplicate_same_label",
            gxe.ExpectColumnValuesToBeNull(column="twin_same_label"),
            WARNING,
            "twin_same_label",
            "remove one; otherwise both go into the same split",
        ),
        Rule(
            "near_duplicate",
            gxe.ExpectColumnValuesToBeNull(column="near_twin"),
            WARNING,
            "near_twin",
            "look at both: if one is trained on and its copy tested, the test metrics are too good",
        ),
    ]


def picture_rules(params: ValidateParams, text: TextParams, time_steps: int) -> list[Rule]:
    """The rules for the rows of `checked_columns`; `time_steps` is the length of the network's output."""
    count = gxe.ExpectTableRowCountToBeBetween(min_value=params.min_rows, max_value=params.max_rows)
    unique = gxe.ExpectColumnValuesToBeUnique(column="file")
    rows = "add pictures, or change validate.min_rows and validate.max_rows"
    return [
        Rule("row_count", count, ERROR, "", rows, of_set=True),
        Rule("file_unique", unique, ERROR, "file", "rename one of them", of_set=True),
        *_pixel_rules(params),
        *_label_rules(text),
        *_time_step_rules(time_steps),
        *_twin_rules(),
    ]


def symbol_rules(params: ValidateParams) -> list[Rule]:
    """The rules for the rows of `symbol_counts`."""
    return [
        Rule(
            "symbol_frequency",
            gxe.ExpectColumnValuesToBeBetween(column="count", min_value=params.min_symbol_count),
            WARNING,
            "count",
            "add pictures with the symbol: rare symbols are read badly",
        )
    ]
