"""The epochs as TensorBoard event files, for those who follow fits there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tensorboardX import SummaryWriter

from captcha_ocr.artifacts.history import Epoch


@contextmanager
def event_writer(folder: Path) -> Iterator[Callable[[Epoch], None]]:
    """Yields what writes one epoch's figures, with the epoch as step, into event files of `folder`."""
    with SummaryWriter(str(folder), write_to_disk=True) as writer:

        def write(epoch: Epoch) -> None:
            for name, value in asdict(epoch).items():
                if name != "epoch":
                    writer.add_scalar(name, value, epoch.epoch)
            writer.flush()

        yield write
