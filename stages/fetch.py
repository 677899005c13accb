"""Fetches the pictures and says where they came from."""

from captcha_ocr.core.params import load_params
from captcha_ocr.data.fetch import Pin, fetch
from captcha_ocr.data.files import write_json
from captcha_ocr.root import project_root
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params archive listing images provenance", texts="url digest git-blob licence")
    params = load_params(args.params)
    pin = Pin(args.url, project_root() / args.archive, args.digest, args.git_blob, args.listing, args.licence)
    write_json(args.provenance, fetch(pin, args.images, params.fetch, params.text))


if __name__ == "__main__":
    run(main)
