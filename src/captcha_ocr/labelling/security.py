"""What lets only the user's own browser talk to the server."""

import secrets

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def new_token() -> str:
    """A random part of the address, which no other page or user of the machine can guess."""
    return secrets.token_urlsafe()


class _TokenInPath:
    """Answers 403 to every request whose path does not begin with the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope.get("path", "").split("/")[1:2]
        if secrets.compare_digest("".join(first).encode(errors="surrogatepass"), self.token):
            await self.app(scope, receive, send)
        else:
            refusal = PlainTextResponse("open the address that captcha-ocr label has printed", status_code=403)
            await refusal(scope, receive, send)


class _Headers:
    """Adds HEADERS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def protect(app: FastAPI, token: str) -> None:
    """Adds the three checks to the server; the one added last is asked first.

    The Host header must name this machine: a foreign page whose name was made to resolve to 127.0.0.1 (DNS rebinding)
    sends its own.
    """
    app.add_middleware(_TokenInPath, token=token)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"], www_redirect=False)
    app.add_middleware(_Headers)
