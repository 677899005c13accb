"""reports/quarantine.csv: the pictures that the checks set aside, and why."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Table, Texts


@dataclass(frozen=True, eq=False)
class Quarantine(Table):
    """One row for each rule that a picture breaks; no later stage uses these pictures.

    file, label: of the picture. rule: its name, as in validation.json. value: what is wrong. remedy: what to do.
    """

    file_name, written_by = "quarantine.csv", "validate"

    file: Texts
    label: Texts
    rule: Texts
    value: Texts
    remedy: Texts

    @property
    def pictures(self) -> int:
        """How many pictures are set aside."""
        return int(self.file.nunique())

    @property
    def by_rule(self) -> dict[str, int]:
        """How many pictures break each rule."""
        return {str(rule): int(count) for rule, count in self.rule.value_counts(sort=False).items()}

    def sentence(self) -> str:
        """The number of pictures and the rules that they break."""
        broken = ", ".join(f"{rule} {count:,}" for rule, count in self.by_rule.items())
        return f"{self.pictures:,} pictures set aside ({broken}): reports/{self.file_name} lists them"
