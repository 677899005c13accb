"""Notes what lies at the source, so that DVC fetches again when it changes."""

from captcha_ocr.base.files import read_json, write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.fetch.locate import locate


def main() -> None:
    args = arguments(__doc__, paths="archive output", texts="source")
    noted = read_json(args.output) if args.output.exists() else None
    write_json(args.output, locate(args.source, args.archive, noted))


if __name__ == "__main__":
    run(main)
