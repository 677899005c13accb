"""Serves an exported file over HTTP as MLflow serves models, but with the code that is installed here.

`mlflow models serve` runs the code that is stored beside a registered model.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from fastapi import FastAPI
from mlflow.pyfunc import scoring_server

from captcha_ocr.register.body_limit import BodyLimit
from captcha_ocr.register.registry import pyfunc_model


@contextmanager
def serving_app(content: bytes) -> Iterator[FastAPI]:
    """The application that answers /invocations and /ping with the exported file `content`, as long as the block lasts.

    docs/serving.md describes requests and answers.
    """
    with TemporaryDirectory() as folder:
        file, saved = Path(folder, "model.onnx"), Path(folder, "saved")
        file.write_bytes(content)
        mlflow.pyfunc.save_model(saved, **pyfunc_model(file))
        app = scoring_server.init(mlflow.pyfunc.load_model(str(saved)))
        app.add_middleware(BodyLimit)
        yield app
