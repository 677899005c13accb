"""The project's recipe for any architecture: that of the default network, from random weights, at another input size.

Alignment aid, schedule, augmentation and averaged weights do not depend on the network. With them, an architecture
learns that its own recipe leaves on the all-blank plateau of CTC.
"""

from dataclasses import fields

from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

# With them, the two LSTMs of crnn_v1 read nothing for some 800 steps, in which the alignment aid teaches them.
FROM_RANDOM_WEIGHTS = {"pretrained": False, "alignment_epochs": 20, "learning_rate": 0.002, "plateau_epochs": 45}


def project_recipe(default: Recipe, own: Recipe) -> Recipe:
    """The recipe `default` of the default network for a network with the recipe `own`, whose input size it keeps."""
    input_size = own.model_dump(include={field.name for field in fields(InputSize)})
    return Recipe.model_validate(default.model_dump() | FROM_RANDOM_WEIGHTS | input_size)
