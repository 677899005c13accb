"""reports/expect/: what networks read that were fitted on ever more of the labels, and what more labels would bring."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.wording import interval

FOLDER = Path("reports/expect")
PLOT = "learning_curve.png"


@dataclass(frozen=True, eq=False)
class DrawFits(Table):
    """One row for each fit. labels: drawn, for training and validation. pictures: that were not drawn, and read.

    exact: how many of these are read exactly. seconds: how long the fit took.
    """

    file_name, written_by = "fits.csv", "make expect"

    labels: Counts
    draw: Counts
    pictures: Counts
    exact: Counts
    cer: Numbers
    epochs: Counts
    seconds: Numbers


class Point(Part):
    """Exact match at a number of labels, as a share of 1, with the ends of its 95 % interval.

    fits, pictures: how many measured it; 0 for one that is extrapolated. exact_match: None for such a one.
    """

    labels: int
    fits: int = 0
    pictures: int = 0
    exact_match: float | None = None
    low: float
    high: float


class Expectation(JsonFile):
    """The learning curve.

    data_digest, architecture: of the pictures and the network. labels: those for training and validation. points: as
    measured. band: as the curve has it, up to twice the labels; empty where it cannot be told. why: it cannot be told.
    """

    file_name, written_by = "expect.json", "make expect"

    data_digest: str
    architecture: str
    labels: int
    points: tuple[Point, ...]
    band: tuple[Point, ...] = ()
    why: str = ""

    @classmethod
    def outdated(cls, name: str, why: str) -> CaptchaOcrError:
        return CaptchaOcrError(f"{name} is damaged, or from another version ({why}): run `make expect` again")

    @classmethod
    def of_fit(cls, folder: Path, record: RunRecord) -> "Expectation | None":
        """What lies in `folder`, if it is of the same pictures and architecture; None also for a damaged file."""
        if not (folder / cls.file_name).exists():
            return None
        try:
            found = cls.read_from(folder)
        except CaptchaOcrError as error:
            print(f"{error}. The report leaves it out", flush=True)
            return None
        is_same = (found.data_digest, found.architecture) == (record.data_digest, record.architecture)
        return found if is_same else None

    def at(self, labels: int) -> Point | None:
        """The band at a number of labels; None where it cannot be told."""
        return next((point for point in self.band if point.labels == labels), None)

    def sentence(self) -> str:
        """What twice the labels would bring, for people."""
        now, twice = self.at(self.labels), self.at(2 * self.labels)
        if now is None or twice is None:
            last = self.points[-1]
            measured = f"{last.labels:,} labels gave {interval(last.low, last.high)}"
            return f"What more labels would bring cannot be told: {self.why}. Measured: {measured} exact match."
        return (
            f"With {self.labels:,} more labels expect {interval(twice.low, twice.high)} exact match; with the "
            f"{self.labels:,} of now, {interval(now.low, now.high)}."
        )
