"""What the fit runs on, and the precision and compilation that suit it."""

import keras

from captcha_ocr.artifacts.run_record import Device
from captcha_ocr.params.recipe import TrainParams


def choose_device(params: TrainParams) -> Device:
    """float16 and XLA where there is a GPU; on a CPU float32, and XLA only where the backend is JAX.

    float16 rather than bfloat16: every GPU with tensor cores has it, and Keras scales the loss by itself.
    """
    backend = keras.backend.backend()
    gpus = tuple(name for name in keras.distribution.list_devices() if name.startswith("gpu"))
    automatic = "mixed_float16" if gpus else "float32"
    precision = automatic if params.precision == "auto" else params.precision
    return Device(backend=backend, accelerators=gpus, precision=precision, jit_compile=bool(gpus) or backend == "jax")
