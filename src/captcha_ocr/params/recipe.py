"""How a network is fitted: three types with the same keys.

`Recipe` is what an architecture recommends for its own network (RECIPE in network/architectures/<name>.py), or what
this project recommends for any (network/project_recipe.py).
`TrainSection` is the section `train` of params.yaml, where null means: as the recipe has it.
`TrainParams` is the two merged: the complete parameters of one fit.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.section import Name, Section, Seed, optional
from captcha_ocr.pictures.input_size import Fit, InputSize, Lines

Place = Annotated[Name, Field(min_length=1)]  # of a network: a file, a folder, or a version of the registry
MAX_BATCH_PIXELS = 100_000_000  # a network keeps dozens of numbers for each pixel of a batch
MAX_STRENGTH = 4  # of augmentation: no text can be read beyond
Strength = Annotated[float, Field(ge=0, le=MAX_STRENGTH)]
# The kinds of augmentation, each with a strength of its own, `augmentation_<kind>`.
KINDS = ("affine", "elastic", "blur", "noise", "jpeg", "contrast", "colour", "strokes", "erasing")


class Recipe(Section):
    """What an architecture recommends: input size, optimiser, schedule and augmentation.

    A key without a default is set by every architecture, the others by those that need them.
    """

    width: int = Field(ge=32, le=2048, description="width in pixels of the network's input")
    height: int = Field(
        ge=16, le=512, description="height in pixels of the network's input; null: the recipe's for each line of text"
    )
    channels: Literal[1, 3] = Field(
        default=1, description="colour channels of the network's input: 1 (grey) or 3 (RGB)"
    )
    fit: Fit = Field(
        default="stretch",
        description="stretch pictures to that size, or pad: keep their proportions and fill the rest",
    )
    lines: Lines = Field(default=1, description="lines of text in a picture: 1, or 2, of which the upper is read first")
    pretrained: bool | Place = Field(
        default=False,
        description="where the fit starts: true: shipped weights; false: random ones; or a file, or "
        "models:/NAME@champion",
    )
    epochs: int = Field(
        ge=1, le=100_000, description="most epochs of the fit; each ends with a reading of the validation pictures"
    )
    epoch_steps: int = Field(
        default=0,
        ge=0,
        le=100_000_000,
        description="batches in an epoch, however many pictures there are; 0: as many as show each picture once",
    )
    min_epochs: int = Field(
        default=0, ge=0, le=100_000, description="schedule trapezoid: fewest epochs before the rate begins to fall"
    )
    batch_size: int = Field(ge=1, le=65_536, description="training pictures in a batch")
    optimizer: Literal["adam", "adamw"] = Field(
        default="adam", description="adam, or adamw (Adam with decoupled weight decay)"
    )
    learning_rate: float = Field(
        gt=0, le=100, description="highest learning rate; schedule, warm-up and reductions lower it"
    )
    schedule: Literal["trapezoid", "cosine", "constant"] = Field(
        default="constant",
        description="constant; cosine: falls to 0 by the last epoch; trapezoid: falls to 0 once validation "
        "stops getting better",
    )
    warmup_epochs: float = Field(
        default=0,
        ge=0,
        le=100_000,
        description="epochs in which the rate first rises from 0, unless the schedule is constant; 0: no warm-up",
    )
    weight_decay: float = Field(default=0, ge=0, le=100, description="weight decay, with optimizer adamw only; 0: none")
    clip_norm: float = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="largest norm of the whole gradient; a larger one is scaled down to it; 0: no limit",
    )
    ema: float = Field(
        default=0,
        ge=0,
        lt=1,
        description="momentum of the exponential moving average that replaces the weights after each epoch; 0: none",
    )
    alignment_epochs: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="if not pretrained: epochs until a loss that favours evenly spaced symbols fades out; 0: none",
    )
    augmentation: Strength = Field(
        default=0,
        description="strength of all changes of training pictures, times that of each kind; 0: none",
    )
    augmentation_epochs: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="epochs until the augmentation reaches its full strength; 0: from the start",
    )
    augmentation_affine: Strength = Field(default=1, description="strength of scaling, shear, slope and shift; 0: none")
    augmentation_elastic: Strength = Field(default=0, description="strength of bending, as if on rubber; 0: none")
    augmentation_blur: Strength = Field(default=0, description="strength of Gaussian blur; 0: none")
    augmentation_noise: Strength = Field(default=0, description="strength of normal noise on each pixel; 0: none")
    augmentation_jpeg: Strength = Field(default=0, description="strength of JPEG compression; 0: none")
    augmentation_contrast: Strength = Field(
        default=0, description="strength of changes of contrast and brightness; 0: none"
    )
    augmentation_colour: Strength = Field(
        default=0, description="strength of changes of hue, saturation and tint, with channels 3 only; 0: none"
    )
    augmentation_strokes: Strength = Field(
        default=0, description="mean number of curves drawn across a picture; 0: none"
    )
    augmentation_erasing: Strength = Field(
        default=0, description="mean number of small rectangles covered in a picture; 0: none"
    )
    monitor: Literal["val_cer", "val_loss"] = Field(
        default="val_cer",
        description="validation metric that picks the best epoch: val_cer (character error rate) or val_loss",
    )
    patience: int = Field(
        ge=1, le=100_000, description="epochs without a lower monitored metric after which the fit ends"
    )
    reduce_patience: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="schedule constant: epochs without a lower monitored metric until the rate is reduced; 0: never",
    )
    reduce_factor: float = Field(
        default=1, gt=0, le=1, description="what the learning rate is multiplied by at each reduction"
    )
    plateau_epochs: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="epochs after which a fit that still reads nothing ends with an error; 0: never",
    )
    tensorboard: bool = Field(
        default=False, description="whether TensorBoard event files are also written, to reports/tensorboard/"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.optimizer == "adam" and self.weight_decay:
            raise ValueError(f"weight_decay {self.weight_decay} needs the optimizer adamw")
        if self.reduce_patience and self.schedule != "constant":
            raise ValueError(f"reduce_patience {self.reduce_patience} needs the schedule constant")
        if self.min_epochs and self.schedule != "trapezoid":
            raise ValueError(f"min_epochs {self.min_epochs} needs the schedule trapezoid")
        if (pixels := self.batch_size * self.width * self.height) > MAX_BATCH_PIXELS:
            raise ValueError(
                f"batch_size {self.batch_size} pictures of {self.width} × {self.height} pixels are {pixels:,}, more "
                f"than {MAX_BATCH_PIXELS:,}: lower one"
            )
        for kind in KINDS:
            if (strength := self.augmentation_of(kind)) > MAX_STRENGTH:
                raise ValueError(
                    f"augmentation {self.augmentation} times augmentation_{kind} "
                    f"{getattr(self, f'augmentation_{kind}')} is {strength:g}, more than {MAX_STRENGTH}: lower one"
                )
        return self

    def augmentation_of(self, kind: str) -> float:
        """The full strength of one of KINDS."""
        return self.augmentation * float(getattr(self, f"augmentation_{kind}"))

    @property
    def input_size(self) -> InputSize:
        """What every reader of the network needs of its recipe."""
        return InputSize(self.width, self.height, self.channels, self.fit, self.lines)


class FitSettings(Section):
    """What no architecture recommends: only params.yaml sets it."""

    architecture: Name = Field(
        description="network to train: small, base, large, compact, conv5_bigru, crnn_v1, keras_io or residual_bilstm"
    )
    recipe: Literal["own", "project"] = Field(
        description="what null means below: own, as published for the architecture, or project, this project's recipe"
    )
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"] = Field(
        description="number format of the computation; auto: mixed_float16 on a GPU, else float32"
    )
    seed: Seed = Field(description="random seed of initial weights, dropout, augmentation and the order of pictures")


class TrainParams(Recipe, FitSettings):
    """The complete parameters of one fit: a recipe with what params.yaml says instead."""


class TrainSection(optional(Recipe), FitSettings):  # type: ignore[misc]  # mypy does not follow classes made at run time
    """How to fit the network; null: as in the recipe of the architecture, or in this project's."""

    def merged_with(self, recipe: Recipe) -> TrainParams:
        """The recipe with what is not null here; raises CaptchaOcrError where the two clash.

        They clash, too, where a kind of augmentation is asked for that the recipe multiplies by 0. The recipe's height
        is that of one line of text, and is multiplied by `lines`.
        """
        given = {key: value for key, value in self.model_dump().items() if value is not None}
        merged = recipe.model_dump() | given
        if "height" not in given:
            merged["height"] *= merged["lines"]
        asked = [kind for kind in KINDS if given.get(f"augmentation_{kind}")]
        if asked and not merged["augmentation"] and "augmentation" not in given:
            raise CaptchaOcrError(
                f"train.augmentation_{asked[0]} would change nothing: it is multiplied by train.augmentation, which "
                f"the recipe of {self.architecture} has as 0; set it to 1"
            )
        try:
            return TrainParams.model_validate(merged)
        except ValidationError as error:
            reasons = "; ".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
            raise CaptchaOcrError(
                f"section train of params.yaml does not go with the recipe of {self.architecture} "
                f"(train.recipe {self.recipe}): {reasons}"
            ) from None
