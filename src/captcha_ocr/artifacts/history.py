"""reports/history.csv: the epochs of a fit."""

from dataclasses import asdict, dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table


@dataclass(frozen=True)
class Epoch:
    """One epoch.

    Validation metrics are of the whole split, by decoded strings. `learning_rate` is that of the last step. `seconds`
    count from the start of fitting, compilation and validation included.
    """

    epoch: int
    loss: float
    val_loss: float
    val_cer: float
    val_exact_match: float
    learning_rate: float
    seconds: float

    def line(self) -> str:
        """For the console."""
        return (
            f"epoch {self.epoch:3}  loss {self.loss:7.3f}  validation: loss {self.val_loss:7.3f}, "
            f"CER {self.val_cer:7.2%}, exact {self.val_exact_match:7.2%}  rate {self.learning_rate:.1e}  "
            f"{self.seconds:5.0f} s"
        )

    def metrics(self) -> dict[str, float]:
        """Everything but the epoch's own number, by name."""
        return {name: value for name, value in asdict(self).items() if name != "epoch"}


@dataclass(frozen=True, eq=False)
class History(Table):
    """One row an epoch, with the fields of Epoch."""

    file_name, written_by = "history.csv", "train"

    epoch: Counts
    loss: Numbers
    val_loss: Numbers
    val_cer: Numbers
    val_exact_match: Numbers
    learning_rate: Numbers
    seconds: Numbers

    def epochs(self) -> list[Epoch]:
        """The rows as epochs."""
        return [Epoch(**row) for row in self.frame.to_dict("records")]

    def seconds_to(self, exact_match: float) -> float | None:
        """Seconds of fitting until this share of validation is first read exactly; None where it never is."""
        reached = self.seconds[self.val_exact_match >= exact_match]
        return float(reached.iloc[0]) if len(reached) else None
