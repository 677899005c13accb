"""Clear errors for a tracking server that is away or refuses, and how long MLflow waits for it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import mlflow
from mlflow.exceptions import MlflowException
from requests import HTTPError

from captcha_ocr.base.errors import CaptchaOcrError

REFUSED, FORBIDDEN = 401, 403
# MLflow itself tries eight times, for minutes. What a user has set in the environment holds instead of these.
FIRST_QUESTION = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MLFLOW_HTTP_REQUEST_TIMEOUT": "5"}
# Rides out a restart of some seconds; an upload may wait for the storage behind the server.
PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


@contextmanager
def settings(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for a block, as far as the user has not set them."""
    unset = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(unset)
    try:
        yield
    finally:
        for name in unset:
            del os.environ[name]


def address() -> str:
    """The store's URI, without a password."""
    parts = urlsplit(mlflow.get_tracking_uri())
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def reason(error: BaseException) -> str:
    """What lies at the bottom of an error, such as `[Errno 111] Connection refused`, in one line."""
    while error.__context__ is not None:
        error = error.__context__
    return " ".join(str(error).split())[:200]


def _status(error: MlflowException | HTTPError) -> int:
    return int(error.get_http_status_code() if isinstance(error, MlflowException) else error.response.status_code)


def _explained(error: MlflowException | HTTPError) -> CaptchaOcrError | None:
    """A clear error, or None where the server was there and answered as servers do."""
    status = _status(error)
    if status == REFUSED:
        return CaptchaOcrError(
            f"the MLflow server at {address()} refuses the user "
            f"{os.environ.get('MLFLOW_TRACKING_USERNAME', '(none given)')} (401): set MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD to a user of that server"
        )
    if status == FORBIDDEN:
        return CaptchaOcrError(
            f"the MLflow server at {address()} forbids this (403: {reason(error)}): ask whoever runs it to permit it"
        )
    if str(error).startswith("API request to"):
        return CaptchaOcrError(
            f"the MLflow server at {address()} does not answer ({reason(error)}): start it, correct "
            "MLFLOW_TRACKING_URI, or unset that to log to mlruns/ of this project"
        )
    return None


@contextmanager
def clear_server_errors() -> Iterator[None]:
    """CaptchaOcrError in place of MLflow's errors, where in the block a server does not answer or refuses."""
    try:
        yield
    except (MlflowException, HTTPError) as error:
        if explained := _explained(error):
            raise explained from None
        raise
