"""Says, after the first steps of a fit, how long it will take."""

import time

from captcha_ocr.base.wording import duration
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.schedule import steps_per_epoch
from captcha_ocr.train.trapezoid import earliest_fall, last_epoch

FIRST, TIMED = 5, 15  # steps: those that the training step is compiled in, and those that are timed after them


class Forecast:
    """Counts the steps of the first epoch, and prints the forecast once."""

    def __init__(self, pictures: int, params: TrainParams) -> None:
        self._pictures = pictures
        self._params = params
        self._epoch_steps = steps_per_epoch(pictures, params)
        self._steps, self._started = 0, 0.0

    def count(self) -> None:
        """One more step is done."""
        self._steps += 1
        if self._steps == min(FIRST, self._epoch_steps - 1):
            self._started = time.perf_counter()
        elif self._steps == min(FIRST + TIMED, self._epoch_steps) and self._started:
            timed = self._steps - min(FIRST, self._epoch_steps - 1)
            print(self._text((time.perf_counter() - self._started) / timed), flush=True)

    def _text(self, seconds_per_step: float) -> str:
        most = self._params.epochs
        least = last_epoch(earliest_fall(self._params)) if self._params.schedule == "trapezoid" else most
        low, high = (self._epoch_steps * epochs for epochs in (min(least, most), most))
        shown = high * self._params.batch_size / self._pictures
        bounds = f"{low:,} to {high:,}" if low < high else f"{high:,}"
        times = " to ".join(dict.fromkeys(duration(seconds_per_step * steps) for steps in (low, high)))
        return (
            f"the fit takes {bounds} steps of {self._params.batch_size} pictures, {times} without the reading of the "
            f"validation pictures; it shows each of {self._pictures:,} pictures up to {shown:.1f} times"
        )
