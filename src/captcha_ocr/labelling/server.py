"""The server of the page: its routes, and running it."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.security import HOST, protect
from captcha_ocr.labelling.session import Change, Item, Progress, Session

PAGE = Path(__file__).parent / "page"
UNPROCESSABLE = 422


@dataclass(frozen=True)
class About:
    """What the page says of the work: names of model, folder and table, and the symbols that the model knows."""

    model: str
    alphabet: str
    folder: str
    table: str


@dataclass(frozen=True)
class State:
    """What the page needs to begin with. `position`: of the first picture without a label."""

    about: About
    progress: Progress
    position: int


class Answer(BaseModel):
    """What the user has typed."""

    text: str


@dataclass(frozen=True)
class Changed:
    """What has changed on disk, and the progress after it."""

    change: Change
    progress: Progress


def _routes(session: Session, about: About) -> APIRouter:
    router = APIRouter()

    @router.get("/state")
    def state() -> State:
        return State(about, session.progress(), session.position())

    @router.get("/items/{position}")
    def item(position: int) -> Item:
        return session.item(position)

    @router.get("/pictures/{number}")
    def picture(number: int) -> Response:
        return Response(session.picture(number), media_type="image/png")

    @router.put("/items/{position}")
    def answer(position: int, answer: Answer) -> Changed:
        return Changed(session.answer(position, answer.text), session.progress())

    @router.post("/undo")
    def undo() -> Changed:
        return Changed(session.undo(), session.progress())

    @router.post("/again")
    def again() -> int:
        return session.again()

    return router


def build_app(session: Session, about: About, token: str) -> FastAPI:
    """The server's application. Each of its paths begins with the token."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    protect(app, token)

    @app.exception_handler(CaptchaOcrError)
    def explain(_: Request, error: CaptchaOcrError) -> PlainTextResponse:
        return PlainTextResponse(str(error), UNPROCESSABLE)

    app.include_router(_routes(session, about), prefix=f"/{token}")
    app.mount(f"/{token}", StaticFiles(directory=PAGE, html=True))
    return app


def listen(port: int) -> socket.socket:
    """A socket that this machine alone can reach; port 0 takes any free one. Raises CaptchaOcrError if it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the port of a server that has just ended is free
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise CaptchaOcrError(f"port {port} cannot be used ({error}): name another with --port") from None
    listener.listen()
    return listener


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serves until Ctrl-C."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
