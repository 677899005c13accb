"""Notes what lies at the source, so that DVC fetches again when it changes."""

from captcha_ocr.data.files import write_json
from captcha_ocr.data.locate import locate
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="archive output", texts="source")
    write_json(args.output, locate(args.source, args.archive))


if __name__ == "__main__":
    run(main)
