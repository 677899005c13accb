"""reports/registry.json: the registered version, and whether it became champion."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part


class PairedCounts(Part):
    """Challenger (first) and champion (second) on the same pictures: how many both, one or neither reads exactly.

    difference: exact match of the first minus that of the second, with the ends low and high of its 95 % interval.
    mcnemar_p: p-value of McNemar's exact test.
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
    """What was decided about one registered version.

    reasons: why it was promoted or not. compared_with: the version that was champion before; None if there was none, or
    if it was this version. comparison: None if it was compared with no champion. champion: the version that is champion
    after the decision.
    """

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
        """The decision with its reasons, for the console and for descriptions in MLflow."""
        role = "champion" if self.promoted else "challenger only"
        return f"version {self.version}, {role}: {'; '.join(self.reasons)}"
