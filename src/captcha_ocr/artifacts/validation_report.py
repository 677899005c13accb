"""reports/validation.json: what the checks found."""

from captcha_ocr.artifacts.formats.json_file import JsonFile


class ValidationReport(JsonFile):
    """The result of all checks.

    rows: pictures checked, without those that are set aside. errors, warnings: items that break a rule, in all rules
    together. rules: the number of items that break each rule. examples: some of these items for each broken rule, as
    `name (value)`. quarantined: pictures set aside, which reports/quarantine.csv lists.
    """

    file_name, written_by = "validation.json", "validate"

    rows: int
    errors: int
    warnings: int
    rules: dict[str, int]
    examples: dict[str, list[str]]
    quarantined: int
