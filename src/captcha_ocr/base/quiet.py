"""Keeps TensorFlow's native start-up chatter out of a stage's output.

Its C++ side writes some twenty lines about processors and missing GPU drivers to file descriptor 2 on every start,
E-lines among them that mean nothing, and no setting of TensorFlow 2.21 stops it: whoever looks for what went wrong
would have to read past them. Fatal lines, Python's own output and progress bars pass.
"""

import atexit
import os
import re
import sys
import threading

# glog's form: severity, month and day, time, thread, place. "WARNING: All log messages before absl…" heads them.
NATIVE = re.compile(
    rb"([IWE]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] |WARNING: All log messages before absl"
    rb"|To enable the following instructions: )"
)
HEADS = b"IWET"


def passed(pending: bytes) -> tuple[bytes, bytes]:
    """What of `pending` may be written now, and what must wait for the rest of its line."""
    *lines, rest = pending.split(b"\n")
    kept = b"".join(line + b"\n" for line in lines if not NATIVE.match(line))
    # A progress bar never ends its line: only what may yet turn out to be chatter waits.
    return (kept, rest) if rest[:1] in (*(bytes([head]) for head in HEADS), b"") else (kept + rest, b"")


def _pump(source: int, sink: int) -> None:
    pending = b""
    while chunk := os.read(source, 1 << 16):
        ready, pending = passed(pending + chunk)
        os.write(sink, ready)
    os.write(sink, pending)


def quiet_native_logs() -> None:
    """Filters file descriptor 2 of this process until it exits; to be called before Keras is imported."""
    original = os.dup(2)
    source, sink = os.pipe()
    os.dup2(sink, 2)
    os.close(sink)
    pump = threading.Thread(target=_pump, args=(source, original), daemon=True)
    pump.start()

    def restore() -> None:
        sys.stderr.flush()
        os.dup2(original, 2)
        pump.join(timeout=2)

    atexit.register(restore)
