"""reports/registry.json: the registered version, and whether it became champion."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part


class PairedCounts(Part):
    """Challenger (first) and champion (second) on the same pictures: how many both, one or neither reads exactly.

    difference: of exact match, with its 95 % interval from low to high; mcnemar_p: McNemar's exact test.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    pictures: int
    difference: float
    low: float
    high: float
    mcnemar_p: float


class RegistryDecision(JsonFile):
    """compared_with: the champion before the decision, if there was one; champion: the version that is it now."""

    file_name, written_by = "registry.json", "register"

    model: str
    version: str
    run_id: str
    promoted: bool
    reasons: list[str]
    compared_with: str | None = None
    comparison: PairedCounts | None = None
    champion: str | None = None

    def sentence(self) -> str:
        """For the console and for descriptions in MLflow."""
        fate = "champion" if self.promoted else "challenger only"
        return f"version {self.version}, {fate}: {'; '.join(self.reasons)}"
