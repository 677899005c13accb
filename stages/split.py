"""Puts every picture on one side: train, validation or test."""

from captcha_ocr.base.files import write_csv
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.params.params import load_params
from captcha_ocr.split.assignment import check_splits, split_of
from captcha_ocr.validate.manifest import read_manifest


def main() -> None:
    args = arguments(__doc__, paths="params manifest splits")
    params = load_params(args.params)
    manifest = read_manifest(args.manifest)
    splits = manifest[["file", "label"]].assign(split=[split_of(d, params.split) for d in manifest["pixels_sha256"]])
    check_splits(splits["label"].tolist(), splits["split"].tolist(), params.text.alphabet)
    write_csv(args.splits, splits)


if __name__ == "__main__":
    run(main)
