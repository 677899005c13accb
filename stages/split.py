"""Puts every picture on one side: train, validation or test."""

from captcha_ocr.core.params import load_params
from captcha_ocr.core.splits import check_splits, split_of
from captcha_ocr.data.files import write_csv
from captcha_ocr.data.manifest import read_manifest
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params manifest splits")
    params = load_params(args.params)
    manifest = read_manifest(args.manifest)
    splits = manifest[["file", "label"]].assign(split=[split_of(d, params.split) for d in manifest["pixels_sha256"]])
    check_splits(splits["label"].tolist(), splits["split"].tolist(), params.text.alphabet)
    write_csv(args.splits, splits)


if __name__ == "__main__":
    run(main)
