"""The pictures that the pipeline uses, with their split."""

import pandas as pd

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import Splits


def used_pictures(manifest: Manifest, splits: Splits) -> pd.DataFrame:
    """The rows of the manifest that are in a split, sorted by `file`, with the column `split`; numbered from 0."""
    frame = manifest.frame.merge(splits.frame[["file", "split"]], on="file", validate="one_to_one")
    return frame.astype({"width": "int64", "height": "int64"}).sort_values("file", ignore_index=True)
