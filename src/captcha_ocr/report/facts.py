"""Everything that a pass has written and that the report tells."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from captcha_ocr.base.files import read_json
from captcha_ocr.params.params import Params

TEXTS = {"label": str, "text": str, "actual": str, "predicted": str, "slice": str}


def _table(path: Path) -> pd.DataFrame:
    """Labels stay text, whether they look like numbers or like `nan`; only figures may be missing."""
    return pd.read_csv(path, dtype=TEXTS, keep_default_na=False)


@dataclass(frozen=True)
class Facts:
    """The files of a pass, read; `images` is the folder of the pictures."""

    params: Params
    images: Path
    provenance: dict[str, Any]
    record: dict[str, Any]
    validation: dict[str, Any]
    metrics: dict[str, Any]
    parity: dict[str, Any]
    export: dict[str, Any]
    history: pd.DataFrame
    predictions: pd.DataFrame
    confusion: pd.DataFrame
    coverage: pd.DataFrame
    slices: pd.DataFrame

    @classmethod
    def load(cls, params: Params, images: Path, provenance: Path, record: Path, reports: Path) -> "Facts":
        """From the files of the stages before."""
        tables = ("history", "predictions", "confusion", "risk_coverage", "slices")
        return cls(
            params,
            images,
            read_json(provenance),
            read_json(record),
            *(read_json(reports / f"{name}.json") for name in ("validation", "metrics", "parity", "export")),
            *(_table(reports / f"{name}.csv") for name in tables),
        )
