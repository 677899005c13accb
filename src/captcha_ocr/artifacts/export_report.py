"""reports/export.json: accuracy, size and speed of the exported files."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.artifacts.parity import Parity

FLOAT32, INT8 = "float32", "int8"


class FileMeasurement(Part):
    """The measurements of one exported file.

    bytes: size of the file. samples: number of test pictures. exact_match, cer: of the test split, as shares of 1.
    p50_ms, p95_ms: median and 95th percentile of the milliseconds for one call on one thread, from decoded pixels to
    text. pictures_per_second: from the median. These three are by batch size.
    """

    bytes: int
    samples: int
    validation_exact_match: float
    exact_match: float
    cer: float
    p50_ms: dict[int, float]
    p95_ms: dict[int, float]
    pictures_per_second: dict[int, float]


class ExportReport(JsonFile):
    """`files` and `parity` are by precision, FLOAT32 or INT8.

    `verdict` says in words whether the int8 file may be used.
    """

    file_name, written_by = "export.json", "export"

    files: dict[str, FileMeasurement]
    parity: dict[str, Parity]
    verdict: str
