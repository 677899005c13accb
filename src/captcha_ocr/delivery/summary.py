"""The report in Markdown: what was read how well, and on which pictures."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from captcha_ocr.data.fetch import SYNTHETIC_WARNING
from captcha_ocr.delivery.confidence import confidence_section


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def summarise(
    metrics: Mapping[str, Any],
    provenance: Mapping[str, Any],
    record: Mapping[str, Any],
    predictions: pd.DataFrame,
    coverage: pd.DataFrame,
) -> str:
    """Markdown; where the pictures are rendered look-alikes, that is its first line."""
    banner = [f"> **{SYNTHETIC_WARNING}**", ""] if provenance["origin"] == "synthetic" else []
    wrong = predictions[predictions["edit_distance"] > 0]
    interval = f"{_percent(metrics['exact_match_low'])} to {_percent(metrics['exact_match_high'])}"
    device = record["device"]
    lines = [
        *banner,
        "# Recogniser report",
        "",
        f"`{record['architecture']}`, {record['parameters']:,} parameters, best of {record['epochs']} epochs: "
        f"{record['best_epoch']}, {record['seconds']:.0f} s on {device['backend']}, "
        f"{', '.join(device['accelerators']) or 'CPU'}, {device['precision']}.",
        "",
        f"Pictures: {provenance['pictures']}, origin {provenance['origin']} ({provenance['obtained']}), content digest "
        f"`{provenance['content_digest']}`. Licence: {provenance['licence']}.",
        "",
        "| test split | |",
        "|---|---|",
        f"| pictures | {metrics['samples']} |",
        f"| exact match | {_percent(metrics['exact_match'])} (95 % interval {interval}) |",
        f"| character error rate | {_percent(metrics['cer'])} |",
        f"| mean edit distance | {metrics['mean_edit_distance']:.4f} |",
        "",
        f"Misread: {len(wrong)}.",
        *[
            f"- `{r.file}`: {r.label} read as {r.text or '∅'} (confidence {r.confidence:.4f})"
            for r in wrong.itertuples()
        ],
        "",
        *confidence_section(metrics, coverage, record["samples"]["validation"]),
        "",
        "![worst readings](worst.png)",
        "",
        "![learning curves](history.png)",
        "",
        "![confusion](confusion.png)",
    ]
    return "\n".join(lines) + "\n"
