"""Fits one network on all folds but one, and reads that one with it."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

from pathlib import Path

import numpy as np
import yaml

from captcha_ocr.base.files import replacing, write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_recipe
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import load_params
from captcha_ocr.split.assignment import check_splits, side_in_fold
from captcha_ocr.train.stopping import Epoch
from captcha_ocr.train.train import train
from captcha_ocr.validate.manifest import read_manifest


def main() -> None:
    args = arguments(__doc__, paths="params plan images manifest readings record", texts="seed fold")
    params, plan = load_params(args.params), yaml.safe_load(Path(args.plan).read_text(encoding="utf-8"))
    seed, fold, folds = int(args.seed), int(args.fold), len(plan["folds"])
    recipe, codec = complete_recipe(params.train).model_copy(update={"seed": seed}), Codec(params.text.alphabet)
    manifest = read_manifest(args.manifest)
    sides = [side_in_fold(d, seed, fold, folds, plan["validation"]) for d in manifest["pixels_sha256"]]
    check_splits(manifest["label"].tolist(), sides, params.text.alphabet)
    frame = manifest[["file", "label"]].assign(split=sides)
    training, validation, held_out = (
        load_samples(frame, side, args.images, recipe.input_size) for side in ("train", "validation", "test")
    )

    def observe(epoch: Epoch) -> None:
        print(f"seed {seed} fold {fold}  {epoch.line()}", flush=True)

    done = train(training, validation, codec, recipe, observe)
    with replacing(args.readings) as draft, draft.open("wb") as file:
        np.savez(file, files=held_out.files, labels=held_out.labels, logits=read_logits(done.network, held_out))
    write_json(args.record, done.record | {"seed": seed, "fold": fold})


if __name__ == "__main__":
    run(main)
