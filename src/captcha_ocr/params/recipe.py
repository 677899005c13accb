"""How a network is fitted: what an architecture brings along, and what params.yaml may say instead."""

from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.section import Section, optional
from captcha_ocr.pictures.input_size import InputSize


class Recipe(Section):
    """Input size, optimiser, schedule and augmentation of a fit; params.yaml says what each key means.

    What has a default is an extra, which an architecture's recipe names where it wants it.
    """

    width: int = Field(ge=32, le=2048)
    height: int = Field(ge=16, le=512)
    channels: Literal[1, 3] = 1
    pretrained: bool = False
    epochs: int = Field(ge=1)
    passes_per_epoch: float = Field(default=1, gt=0)
    min_steps: int = Field(default=0, ge=0)
    batch_size: int = Field(ge=1)
    optimizer: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(gt=0)
    schedule: Literal["cosine", "constant"] = "constant"
    warmup_epochs: float = Field(default=0, ge=0)
    weight_decay: float = Field(default=0, ge=0)
    clip_norm: float = Field(default=0, ge=0)
    ema: float = Field(default=0, ge=0, lt=1)
    alignment_epochs: int = Field(default=0, ge=0)
    augmentation: float = Field(default=0, ge=0, le=4)
    augmentation_epochs: int = Field(default=0, ge=0)
    monitor: Literal["val_cer", "val_loss"] = "val_cer"
    patience: int = Field(ge=1)
    reduce_patience: int = Field(default=0, ge=0)
    reduce_factor: float = Field(default=1, gt=0, le=1)
    plateau_epochs: int = Field(default=0, ge=0)
    tensorboard: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.optimizer == "adam" and self.weight_decay:
            raise ValueError(f"weight_decay {self.weight_decay} needs the optimizer adamw")
        if self.reduce_patience and self.schedule != "constant":
            raise ValueError(f"reduce_patience {self.reduce_patience} needs the schedule constant")
        return self

    @property
    def input_size(self) -> InputSize:
        """The part that every reader of the network needs."""
        return InputSize(self.width, self.height, self.channels)


class TrainParams(Recipe):
    """A complete fit: an architecture with its recipe, after what params.yaml changes in it."""

    architecture: str
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"]
    seed: int = Field(ge=0)


class TrainSection(optional(Recipe)):  # type: ignore[misc]  # mypy does not follow classes made at run time
    """Section `train` of params.yaml: null leaves a key to the architecture's own recipe."""

    architecture: str
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"]
    seed: int = Field(ge=0)

    def complete(self, own: Recipe) -> TrainParams:
        """The architecture's `own` recipe with what is said here; raises CaptchaOcrError where they clash."""
        said = {key: value for key, value in self.model_dump().items() if value is not None}
        try:
            return TrainParams.model_validate(own.model_dump() | said)
        except ValidationError as error:
            reasons = "; ".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
            raise CaptchaOcrError(
                f"section train of params.yaml does not go with the recipe of {self.architecture}: {reasons}"
            ) from None
