"""reports/suspects.csv: the validation and test pictures whose label the network is surely at odds with."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Numbers, Table, Texts


@dataclass(frozen=True, eq=False)
class Suspects(Table):
    """One row for each picture whose label is probably wrong, the most doubtful label first.

    text: what the network reads. confidence: p(text | picture). label_probability: p(label | picture). Both are
    calibrated. split: the side of the split that the picture is on.
    """

    file_name, written_by = "suspects.csv", "evaluate"

    file: Texts
    label: Texts
    text: Texts
    confidence: Numbers
    label_probability: Numbers
    split: Texts
