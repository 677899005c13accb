"""Ends work that waits for a server when its time is over, however slowly the server goes on answering."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """What `function` returns; raises what it raises, and TimeoutError when it has not ended after `seconds`.

    It is then left to itself, in a thread that does not keep the process alive: a timeout of a socket begins anew with
    each byte that arrives.
    """
    outcomes: SimpleQueue[tuple[Result | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcomes.put((function(), None))
        except BaseException as error:  # raised again in the thread that waits
            outcomes.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = outcomes.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"it took longer than {seconds:g} s") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # it is None only where the function returns None
