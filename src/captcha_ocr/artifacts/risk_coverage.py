"""reports/risk_coverage.csv: how many are exact where only the surest are read."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table


@dataclass(frozen=True, eq=False)
class RiskCoverage(Table):
    """One row a share of the pictures, the surest of which are read, down to the confidence `threshold`.

    exact_match is a share of 1, with its 95 % interval (Wilson 1927) from low to high.
    """

    file_name, written_by = "risk_coverage.csv", "evaluate"

    coverage: Numbers
    pictures: Counts
    threshold: Numbers
    exact_match: Numbers
    low: Numbers
    high: Numbers
