"""The judgements of people who have looked at doubtful labels."""

from pathlib import Path

import pandas as pd

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.crossval.files import JudgedLabels

VERDICTS = ("stands", "wrong", "undecidable")
COLUMNS = ["sha256", "file", "label", "seen", "verdict", "note"]


def read_verdicts(path: Path, manifest: Manifest) -> JudgedLabels:
    """The verdicts on pictures of `manifest`, by file.

    A verdict is about the very bytes of a picture, so those about pictures of another data set are passed over. Raises
    CaptchaOcrError for a table of other columns, for an unknown verdict, and where the label is not the one judged.
    """
    verdicts = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(verdicts.columns) != COLUMNS:
        raise CaptchaOcrError(f"{path} has the columns {list(verdicts.columns)}, not {COLUMNS}: correct its first line")
    unknown = verdicts[~verdicts["verdict"].isin(VERDICTS)]
    if len(unknown):
        file, verdict = unknown.iloc[0][["file", "verdict"]]
        raise CaptchaOcrError(f"{path}: the verdict on {file} is {verdict!r}; use one of {', '.join(VERDICTS)}")
    found = verdicts.merge(manifest.frame[["sha256", "file", "label"]], on="sha256", suffixes=("_judged", ""))
    moved = found[found["label"] != found["label_judged"]]
    if len(moved):
        file, label, judged = moved.iloc[0][["file", "label", "label_judged"]]
        raise CaptchaOcrError(f"{path} judges the label {judged!r} of {file}, which now is {label!r}: look again")
    return JudgedLabels.from_frame(found.sort_values("file", ignore_index=True))
