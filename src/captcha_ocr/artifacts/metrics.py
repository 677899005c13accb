"""reports/metrics.json: how well the test split is read."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.base.wording import interval, percent


class ReadingMetrics(Part):
    """Of texts against labels; rates are shares of 1, intervals Wilson's at 95 %.

    accuracy: by position (`position_1`, …), the share of symbols read right there. With and without adjacent repeats:
    two equal symbols side by side need a blank between them, the classic weak spot of CTC.
    """

    samples: int
    cer: float
    exact_match: float
    exact_match_low: float
    exact_match_high: float
    mean_edit_distance: float
    accuracy: dict[str, float]
    samples_with_repeats: int
    exact_match_with_repeats: float | None = None
    samples_without_repeats: int
    exact_match_without_repeats: float | None = None


class CalibrationErrors(Part):
    """Expected calibration errors of the confidences.

    `ece` has bins of equal number; `ece_by_chance` is what perfectly calibrated readings would show.
    """

    ece: float
    ece_equal_width: float
    ece_by_chance: float


class AboveThreshold(Part):
    """What became of the readings at or above the confidence threshold that the validation split set."""

    threshold: float
    pictures: int
    exact_match: float | None = None
    exact_match_low: float | None = None
    exact_match_high: float | None = None


class Metrics(JsonFile, CalibrationErrors, ReadingMetrics):
    """All of them. above_threshold is None where validation set no threshold; images_per_second are Keras's."""

    file_name, written_by = "metrics.json", "evaluate"

    temperature: float
    above_threshold: AboveThreshold | None = None
    images_per_second: float

    def sentence(self) -> str:
        """The result in one line."""
        return (
            f"{percent(self.exact_match)} of {self.samples:,} test pictures read exactly (95 % interval "
            f"{interval(self.exact_match_low, self.exact_match_high)}), CER {percent(self.cer)}"
        )
