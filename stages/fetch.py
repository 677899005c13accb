"""Fetches the pictures and says where they came from."""

from captcha_ocr.base.files import write_json
from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.fetch.fetch import Pin, fetch
from captcha_ocr.params.params import load_params


def main() -> None:
    args = arguments(__doc__, paths="params archive listing images provenance", texts="url digest git-blob licence")
    params = load_params(args.params)
    pin = Pin(args.url, project_root() / args.archive, args.digest, args.git_blob, args.listing, args.licence)
    write_json(args.provenance, fetch(pin, args.images, params.fetch, params.text))


if __name__ == "__main__":
    run(main)
