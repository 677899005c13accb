"""Fits the network, and logs each epoch to MLflow. Resumes a fit that was killed."""

from captcha_ocr.base.quiet import quiet_native_logs
from captcha_ocr.network.lean_keras import import_keras

quiet_native_logs()
import_keras()

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.history import Epoch, History
from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.start import Start
from captcha_ocr.base.files import sha256_of
from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import run_stage
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.model_file import save_network
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import load_params
from captcha_ocr.tracking.runs import training_run
from captcha_ocr.train.checkpoint import Checkpoint, fit_key
from captcha_ocr.train.environment import environment
from captcha_ocr.train.train import train

EVENTS = "events.out.tfevents.*"  # what TensorBoard's writer calls its files


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    splits: Path
    provenance: Path
    model: Path
    record: Path
    history: Path
    events: Path
    pin: Path
    start: Path


def event_writer(wanted: bool, folder: Path) -> AbstractContextManager[Callable[[Epoch], object]]:
    if not wanted:
        return nullcontext(lambda epoch: None)
    from captcha_ocr.train import tensorboard  # imports TensorFlow, which a fit on JAX need not have

    return tensorboard.event_writer(folder)


def fit(args: Arguments, checkpoint: Checkpoint) -> None:
    params, provenance, splits = load_params(args.params), Provenance.read(args.provenance), Splits.read(args.splits)
    train_params, codec = complete_train_params(params.train), Codec(params.text.alphabet)
    shards = PictureShards(args.pictures)
    training = load_samples(splits.side("train", shards), train_params.input_size)
    validation = load_samples(splits.side("validation", shards), train_params.input_size)
    url = read_pin(args.pin).url
    events = event_writer(train_params.tensorboard, args.events)
    if checkpoint.is_new:
        for file in args.events.rglob(EVENTS):
            file.unlink()  # they belong to an earlier fit
    attempt, epochs = checkpoint.attempt(), checkpoint.epochs()
    with training_run(attempt, epochs, params, train_params, provenance, url) as log, events as write_event:

        def observe(epoch: Epoch) -> None:
            print(epoch.line(), flush=True)
            log.add(epoch)
            write_event(epoch)

        fitted = train(training, validation, codec, train_params, observe, checkpoint, args.start)
    save_network(fitted.network, args.model)
    History.from_rows(fitted.history).write(args.history)
    record = RunRecord(
        **dict(fitted.record),
        run_id=log.run_id,
        data_digest=provenance.content_digest,
        network_sha256=sha256_of(args.model),
        environment=environment(),
    )
    record.write(args.record)
    checkpoint.clear()


def main(args: Arguments) -> None:
    params = load_params(args.params)
    key = fit_key(args.splits, Start.read_from(args.start), params.text, complete_train_params(params.train))
    with Checkpoint(project_root() / ".checkpoints" / key).open() as checkpoint:
        fit(args, checkpoint)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
