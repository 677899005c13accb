"""Section `sweep` of params.yaml: which values of the section `train` are tried, and how they are judged."""

import itertools
import json
import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.params.section import Section, Seed

Value = bool | int | float | str | None
DIGITS = 3
MAX_CORNERS = 10_000  # combinations that are checked before the first trial
Number = Annotated[int, Field(ge=-(10**12), le=10**12)] | Annotated[float, Field(ge=-1e12, le=1e12)]


class Span(Section):
    """Numbers between two ends."""

    low: Number = Field(description="lowest value tried")
    high: Number = Field(description="highest value tried")
    log: bool = Field(
        default=False, description="true: all orders of magnitude are drawn equally often; left out: all values are"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low {self.low} is not below high {self.high}: exchange them")
        if self.log and self.low <= 0:
            raise ValueError(f"log needs a low above 0, and it is {self.low}: raise it, or leave log out")
        return self

    @property
    def ends(self) -> tuple[Value, ...]:
        """The values between which all others lie."""
        return self.low, self.high

    def rounded(self, value: float) -> float:
        """To three significant digits, within the span: as a user would write it into params.yaml."""
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)


class Choices(Section):
    """Values without an order."""

    choices: tuple[Value, ...] = Field(min_length=2, max_length=100, description="values tried, all different")

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({json.dumps(value) for value in self.choices}) < len(self.choices):
            raise ValueError(f"choices {list(self.choices)} name a value twice: leave one out")
        return self

    @property
    def ends(self) -> tuple[Value, ...]:
        """All of them."""
        return self.choices


def _kind(value: Any) -> Literal["choices", "span"]:
    return "choices" if isinstance(value, Choices) or (isinstance(value, Mapping) and "choices" in value) else "span"


Range = Annotated[Annotated[Span, Tag("span")] | Annotated[Choices, Tag("choices")], Discriminator(_kind)]


def kind_of(key: str) -> Any:
    """The type of a key of the section `train`."""
    return TrainParams.model_fields[key].annotation


class SweepParams(Section):
    """What `make sweep` tries: fits with other values of train, judged on the validation pictures alone."""

    trials: int = Field(
        ge=1, le=100_000, description="number of trials; raised later, the sweep resumes and makes the rest"
    )
    seed: Seed = Field(description="random seed of the values drawn")
    objective: Literal["val_loss", "val_cer"] = Field(
        description="metric to minimise, taken at a trial's best epoch: val_loss or val_cer"
    )
    startup_trials: int = Field(
        ge=1, le=100_000, description="first trials, drawn at random; none is stopped early until so many are complete"
    )
    min_epochs: int = Field(ge=1, le=100_000, description="epochs that every trial gets before it may be stopped early")
    ranges: dict[str, Range] = Field(
        min_length=1, description="values to try, by key of train: low and high (log: by magnitude), or choices"
    )

    @field_validator("ranges")
    @classmethod
    def _known(cls, ranges: dict[str, Range]) -> dict[str, Range]:
        if (combinations := math.prod(len(values.ends) for values in ranges.values())) > MAX_CORNERS:
            raise ValueError(f"ranges have {combinations:,} combinations of their ends, more than {MAX_CORNERS:,}")
        for key, values in ranges.items():
            if key not in TrainParams.model_fields:
                raise ValueError(f"{key} is no key of train: name one of {', '.join(TrainParams.model_fields)}")
            if isinstance(values, Span) and kind_of(key) not in (int, float):
                raise ValueError(f"{key} is no number, so it has no low and high: list its values as choices")
        return ranges


def corners(ranges: Mapping[str, Range]) -> Iterator[dict[str, Value]]:
    """Every combination of the ranges' ends: where these can be fitted, so can what lies between."""
    for ends in itertools.product(*(values.ends for values in ranges.values())):
        yield dict(zip(ranges, ends, strict=True))
