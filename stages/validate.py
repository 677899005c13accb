"""Reads every picture into a manifest and checks it; stops where something is wrong."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

from captcha_ocr.base.files import write_csv, write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.network.architectures import complete_recipe, time_steps
from captcha_ocr.params.params import load_params
from captcha_ocr.validate.manifest import build_manifest
from captcha_ocr.validate.validation import validate_manifest


def main() -> None:
    args = arguments(__doc__, paths="params images manifest report docs")
    params = load_params(args.params)
    manifest = build_manifest(args.images, params.text.label_pattern)
    steps = time_steps(complete_recipe(params.train))
    report = validate_manifest(manifest, params.validate_, params.text, steps, args.docs)
    write_csv(args.manifest, manifest)
    write_json(args.report, report.as_json())
    report.raise_errors()


if __name__ == "__main__":
    run(main)
