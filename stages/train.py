"""Fits the network, logging each epoch to MLflow; resumes where a killed fit stopped."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from captcha_ocr.base.files import read_json, write_csv, write_json
from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_recipe
from captcha_ocr.network.model_file import save_network
from captcha_ocr.network.samples import load_samples, read_splits
from captcha_ocr.params.params import load_params
from captcha_ocr.tracking.runs import training_run
from captcha_ocr.train.checkpoint import Checkpoint, fit_key
from captcha_ocr.train.environment import environment
from captcha_ocr.train.stopping import Epoch
from captcha_ocr.train.train import train


def event_writer(wanted: bool, folder: Path) -> AbstractContextManager[Callable[[Epoch], object]]:
    if not wanted:
        return nullcontext(lambda epoch: None)
    from captcha_ocr.train import tensorboard  # imports TensorFlow, which a fit on JAX need not have

    return tensorboard.event_writer(folder)


def main() -> None:
    args = arguments(__doc__, paths="params images splits provenance model record history events", texts="url")
    params, provenance, splits = load_params(args.params), read_json(args.provenance), read_splits(args.splits)
    recipe, codec = complete_recipe(params.train), Codec(params.text.alphabet)
    training, validation = (load_samples(splits, side, args.images, recipe.image) for side in ("train", "validation"))
    checkpoint = Checkpoint(project_root() / ".checkpoints" / fit_key(args.splits, params.text, recipe))
    events = event_writer(recipe.tensorboard, args.events)
    if checkpoint.run_id is None:
        shutil.rmtree(args.events, ignore_errors=True)  # an earlier fit's
    with training_run(checkpoint.run_id, params, recipe, provenance, args.url) as log, events as write_event:
        checkpoint.remember_run(log.run_id)

        def observe(epoch: Epoch) -> None:
            print(epoch.line(), flush=True)
            log.add(epoch)
            write_event(epoch)

        done = train(training, validation, codec, recipe, observe, checkpoint)
    save_network(done.network, args.model)
    write_csv(args.history, pd.DataFrame([asdict(epoch) for epoch in done.history]))
    origin = {"run_id": log.run_id, "data_digest": provenance["content_digest"], "environment": environment()}
    write_json(args.record, done.record | origin)
    checkpoint.clear()


if __name__ == "__main__":
    run(main)
