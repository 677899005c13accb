"""reports/validation.json: what the checks found."""

from captcha_ocr.artifacts.formats.json_file import JsonFile


class ValidationReport(JsonFile):
    """Rows checked, errors and warnings in all, how often each rule is broken, and examples as `name (value)`."""

    file_name, written_by = "validation.json", "validate"

    rows: int
    errors: int
    warnings: int
    rules: dict[str, int]
    examples: dict[str, list[str]]
