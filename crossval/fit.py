"""Fits a network on all folds but one, and reads the held-out fold with it."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.stage import run_stage
from captcha_ocr.crossval.files import FoldReadings, FoldRecord
from captcha_ocr.crossval.folds import assign_fold
from captcha_ocr.crossval.plan import read_plan
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import load_params
from captcha_ocr.train.train import train


@dataclass(frozen=True)
class Arguments:
    params: Path
    plan: Path
    pictures: Path
    manifest: Path
    readings: Path
    record: Path
    seed: int
    fold: int


def main(args: Arguments) -> None:
    params, plan = load_params(args.params), read_plan(args.plan)
    train_params, codec = (
        complete_train_params(params.train).model_copy(update={"seed": args.seed}),
        Codec(params.text.alphabet),
    )
    folds, share = len(plan.folds), plan.validation
    splits = assign_fold(Manifest.read(args.manifest), args.seed, args.fold, folds, share, codec.alphabet)
    training, validation, held_out = (
        load_samples(splits.side(side, PictureShards(args.pictures)), train_params.input_size)
        for side in ("train", "validation", "test")
    )

    def observe(epoch: Epoch) -> None:
        print(f"seed {args.seed} fold {args.fold}  {epoch.line()}", flush=True)

    fitted = train(training, validation, codec, train_params, observe)
    logits = read_logits(fitted.network, held_out.inputs)
    FoldReadings(args.seed, args.fold, held_out.files, held_out.labels, logits).write(args.readings)
    FoldRecord(seed=args.seed, fold=args.fold, fit=fitted.record).write(args.record)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__, lambda args: f"fit of seed {args.seed}, fold {args.fold}")
