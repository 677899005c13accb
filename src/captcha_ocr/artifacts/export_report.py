"""reports/export.json: what the exported files read, weigh and take."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.artifacts.parity import Parity

FLOAT32, INT8 = "float32", "int8"


class FileMeasurement(Part):
    """Shares of 1; milliseconds, by batch size, are of one call on one thread, from decoded pixels to text."""

    bytes: int
    samples: int
    validation_exact_match: float
    exact_match: float
    cer: float
    p50_ms: dict[int, float]
    p95_ms: dict[int, float]
    pictures_per_second: dict[int, float]


class ExportReport(JsonFile):
    """By precision (FLOAT32, INT8), and in words whether the int8 file may be used."""

    file_name, written_by = "export.json", "export"

    files: dict[str, FileMeasurement]
    parity: dict[str, Parity]
    verdict: str
