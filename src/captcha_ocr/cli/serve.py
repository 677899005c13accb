"""`captcha-ocr serve`: answers HTTP requests with a registered model or an exported file."""

import argparse
from pathlib import Path

import uvicorn

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.registered_file import registered_file
from captcha_ocr.register.serving import serving_app
from captcha_ocr.tracking.server_errors import clear_server_errors


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `serve` to the command line."""
    parser = commands.add_parser("serve", help="answer HTTP requests with a registered model")
    parser.add_argument(
        "--model", help="models:/NAME@ALIAS, or an exported file (default: the champion of the project in this folder)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=5000, help="port to listen on (default: %(default)s)")
    parser.set_defaults(run=run)


def _content(model: str) -> bytes:
    if model.startswith("models:/"):
        with clear_server_errors():
            return registered_file(model)
    try:
        return Path(model).read_bytes()
    except OSError as error:
        raise CaptchaOcrError(f"--model {model} cannot be read: {error.strerror}") from None


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl-C; returns the exit code 0. Raises CaptchaOcrError if the model is not there, or is refused."""
    model = args.model or f"models:/{load_params(PARAMS).register_.model_name}@champion"
    content = _content(model)
    Recognizer.from_bytes(content, model)  # raises where MLflow's server would print a traceback
    with serving_app(content) as app:
        print(f"{model} at http://{args.host}:{args.port}/invocations", flush=True)
        uvicorn.run(app, host=args.host, port=args.port)
    return 0
