"""Refuses requests with a large body before they are parsed."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2**26  # bytes of a request: a thousand pictures of 48 kB in base64


class BodyLimit:
    """An ASGI application that hands requests of up to `most` bytes on to `app`, and answers others with 413."""

    def __init__(self, app: ASGIApp, most: int = MAX_BODY) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)  # nor is there more once the client has gone
            if len(body) > self.most:
                await self._refuse(send)
                return
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return whole.pop() if whole else await receive()

        await self.app(scope, replay, send)

    async def _refuse(self, send: Send) -> None:
        said = f"a request may have {self.most:,} bytes: send fewer pictures".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": said})
