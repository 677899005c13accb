"""reports/metrics.json: the metrics of the test split."""

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.base.wording import interval, percent


class ReadingMetrics(Part):
    """Metrics of texts against labels, as shares of 1.

    exact_match_low, exact_match_high: the ends of the 95 % interval (Wilson 1927). mean_edit_distance: edits for each
    picture. accuracy: by position (`position_1`, …), the share of symbols read right there. with_repeats: labels with
    two equal neighbouring symbols. These need a blank in between, a known weakness of CTC; None where there are none.
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
    """Expected calibration errors of the confidences, as shares of 1.

    ece: with bins of equally many pictures. ece_equal_width: with bins of equal width. ece_by_chance: the mean for
    perfectly calibrated readings with the same confidences.
    """

    ece: float
    ece_equal_width: float
    ece_by_chance: float


class AboveThreshold(Part):
    """The test readings whose confidence reaches the threshold that was chosen on the validation split.

    pictures: how many there are. exact_match: the share of them that is exact, with the ends of its 95 % interval; None
    where there are no such readings.
    """

    threshold: float
    pictures: int
    exact_match: float | None = None
    exact_match_low: float | None = None
    exact_match_high: float | None = None


class BeforeFit(Part):
    """The same pictures, read by the network `source` that the fit started from.

    gained, lost: pictures that only the fitted network reads exactly, or only the one before. difference: of exact
    match, fitted minus before, with the ends low and high of its 95 % interval.
    """

    source: str
    exact_match: float
    cer: float
    gained: int
    lost: int
    difference: float
    low: float
    high: float

    def sentence(self) -> str:
        """What the fit has changed, in one line, for people."""
        return (
            f"Before the fit, {self.source} read {percent(self.exact_match)} of these pictures exactly, CER "
            f"{percent(self.cer)}. The fit has gained {self.gained} pictures and lost {self.lost}: "
            f"{100 * self.difference:+.2f} points (95 % interval {100 * self.low:+.2f} to {100 * self.high:+.2f})"
        )


class Metrics(JsonFile, CalibrationErrors, ReadingMetrics):
    """All metrics of the test split.

    above_threshold: None if the validation split gave no threshold. images_per_second: throughput of the Keras network.
    before_fit: None unless train.pretrained names a network.
    """

    file_name, written_by = "metrics.json", "evaluate"

    temperature: float
    above_threshold: AboveThreshold | None = None
    images_per_second: float
    before_fit: BeforeFit | None = None

    def sentence(self) -> str:
        """Exact match and CER in one line, for people."""
        return (
            f"{percent(self.exact_match)} of {self.samples:,} test pictures read exactly (95 % interval "
            f"{interval(self.exact_match_low, self.exact_match_high)}), CER {percent(self.cer)}"
        )
