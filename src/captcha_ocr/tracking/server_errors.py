"""Clear errors for a store that cannot be used, and how long MLflow waits for a server.

A server may not answer or refuse a request; a SQLite file may be locked or damaged, and its disk full.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import mlflow
from mlflow.exceptions import MlflowException
from requests import HTTPError
from sqlalchemy.exc import SQLAlchemyError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.system_errors import system_error

UNAUTHORIZED, FORBIDDEN = 401, 403  # HTTP status codes
# By default MLflow tries eight times, for minutes. These values apply unless the user has set the variables.
FIRST_REQUEST = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MLFLOW_HTTP_REQUEST_TIMEOUT": "5"}
# Enough for a restart of the server that takes some seconds, and for uploads that wait for the server's storage.
LATER_REQUESTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


@contextmanager
def default_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables within a block, except those that the user has set."""
    unset = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(unset)
    try:
        yield
    finally:
        for name in unset:
            del os.environ[name]


def address() -> str:
    """The URI of the store, without user name and password."""
    uri = mlflow.get_tracking_uri()
    host = urlsplit(uri).netloc
    return uri.replace(host, host.rpartition("@")[2], 1)  # urlsplit's own way back would drop slashes of a path


def reason(error: BaseException) -> str:
    """The first error in the chain that led to `error`, such as `[Errno 111] Connection refused`, in one line."""
    while error.__context__ is not None:
        error = error.__context__
    return " ".join(str(error).split())[:200]


def _status(error: MlflowException | HTTPError) -> int:
    return int(error.get_http_status_code() if isinstance(error, MlflowException) else error.response.status_code)


def _clear_error(error: MlflowException | HTTPError | SQLAlchemyError) -> CaptchaOcrError | None:
    """The error for the user if the store cannot be used; None for other errors."""
    if words := system_error(error):
        return CaptchaOcrError(f"the MLflow store at {address()}: {words}")
    if isinstance(error, SQLAlchemyError):
        return None
    status = _status(error)
    if status == UNAUTHORIZED:
        return CaptchaOcrError(
            f"the MLflow server at {address()} refuses the user "
            f"{os.environ.get('MLFLOW_TRACKING_USERNAME', '(none given)')} (401): set MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD to a user of that server"
        )
    if status == FORBIDDEN:
        return CaptchaOcrError(
            f"the MLflow server at {address()} forbids this (403: {reason(error)}): ask its administrator to permit it"
        )
    if str(error).startswith("API request to"):
        return CaptchaOcrError(
            f"the MLflow server at {address()} does not answer ({reason(error)}): start it, correct "
            "MLFLOW_TRACKING_URI, or unset that to log to mlruns/ of this project"
        )
    return None


@contextmanager
def clear_server_errors() -> Iterator[None]:
    """Raises CaptchaOcrError in place of MLflow's errors if the store cannot be used."""
    try:
        yield
    except (MlflowException, HTTPError, SQLAlchemyError) as error:
        if clear_error := _clear_error(error):
            raise clear_error from None
        raise
