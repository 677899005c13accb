"""Reads the verdicts of people who have checked doubtful labels."""

from pathlib import Path

import pandas as pd

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.cells import unmarked
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.crossval.files import JudgedLabels

VERDICTS = ("stands", "wrong", "undecidable")
COLUMNS = ["sha256", "file", "label", "seen", "verdict", "note"]


def read_verdicts(path: Path, manifest: Manifest) -> JudgedLabels:
    """The verdicts about pictures of `manifest`, sorted by file name.

    Pictures are matched by the SHA-256 of their files, so verdicts about other data sets are ignored. Raises
    CaptchaOcrError if the columns are wrong, a verdict is unknown, or a label has changed since it was checked.
    """
    verdicts = pd.read_csv(path, dtype=str, keep_default_na=False).map(unmarked)
    if list(verdicts.columns) != COLUMNS:
        raise CaptchaOcrError(f"{path} has the columns {list(verdicts.columns)}, not {COLUMNS}: correct its first line")
    unknown = verdicts[~verdicts["verdict"].isin(VERDICTS)]
    if len(unknown):
        file, verdict = unknown.iloc[0][["file", "verdict"]]
        raise CaptchaOcrError(f"{path}: the verdict on {file} is {verdict!r}; use one of {', '.join(VERDICTS)}")
    known = verdicts.merge(manifest.frame[["sha256", "file", "label"]], on="sha256", suffixes=("_judged", ""))
    changed = known[known["label"] != known["label_judged"]]
    if len(changed):
        file, label, judged = changed.iloc[0][["file", "label", "label_judged"]]
        raise CaptchaOcrError(f"{path} judges the label {judged!r} of {file}, which now is {label!r}: look again")
    return JudgedLabels.from_frame(known.sort_values("file", ignore_index=True))
