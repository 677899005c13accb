"""reports/risk_coverage.csv: exact match if only the most confident pictures are read."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table


@dataclass(frozen=True, eq=False)
class RiskCoverage(Table):
    """One row for each `coverage`: the share of the pictures, the most confident ones, that are read.

    pictures: their number. threshold: the lowest confidence among them. exact_match: a share of 1, with the ends low
    and high of its 95 % interval (Wilson 1927).
    """

    file_name, written_by = "risk_coverage.csv", "evaluate"

    coverage: Numbers
    pictures: Counts
    threshold: Numbers
    exact_match: Numbers
    low: Numbers
    high: Numbers
