"""reports/history.csv: metrics of each epoch of a fit."""

from dataclasses import asdict, dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table


@dataclass(frozen=True)
class Epoch:
    """The metrics of one epoch.

    pictures: shown to the network since the start of the fit, each as often as it was shown. loss: mean of the training
    batches, val_loss of the validation pictures that an epoch reads. val_cer, val_exact_match: of their decoded texts,
    as shares of 1. learning_rate: at the last step of the epoch. seconds: since the start of the fit, including
    compilation and validation.
    """

    epoch: int
    pictures: int
    loss: float
    val_loss: float
    val_cer: float
    val_exact_match: float
    learning_rate: float
    seconds: float

    def line(self) -> str:
        """The metrics in one line, for the console."""
        return (
            f"epoch {self.epoch:3}, {self.pictures:7,} pictures  loss {self.loss:7.3f}  "
            f"validation: loss {self.val_loss:7.3f}, CER {self.val_cer:7.2%}, exact {self.val_exact_match:7.2%}  "
            f"rate {self.learning_rate:.1e}  {self.seconds:5.0f} s"
        )

    def metrics(self) -> dict[str, float]:
        """All fields but the number of the epoch, by name."""
        return {name: value for name, value in asdict(self).items() if name != "epoch"}


@dataclass(frozen=True, eq=False)
class History(Table):
    """One row for each epoch; the columns are the fields of Epoch."""

    file_name, written_by = "history.csv", "train"

    epoch: Counts
    pictures: Counts
    loss: Numbers
    val_loss: Numbers
    val_cer: Numbers
    val_exact_match: Numbers
    learning_rate: Numbers
    seconds: Numbers

    def epochs(self) -> list[Epoch]:
        """The rows, as Epoch objects."""
        return [Epoch(**row) for row in self.frame.to_dict("records")]

    def seconds_to(self, exact_match: float) -> float | None:
        """Seconds from the start of the fit until validation exact match first reaches this share.

        None if it never does.
        """
        reached = self.seconds[self.val_exact_match >= exact_match]
        return float(reached.iloc[0]) if len(reached) else None
