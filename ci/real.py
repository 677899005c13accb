"""Whether models/model.onnx may be published: it has learnt from pictures, and not from rendered look-alikes.

`make repro` renders look-alikes where the archive cannot be downloaded. A page with such a model would read real
pictures worse than it says, with nothing on it to tell why.
"""

from captcha_ocr.artifacts.paths import MODEL, PROVENANCE, RECORD
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error


def main() -> None:
    provenance = Provenance.read(PROVENANCE)
    if provenance.is_synthetic:
        raise CaptchaOcrError(
            f"{MODEL} has learnt from rendered look-alikes ({PROVENANCE}: {provenance.obtained}), so it is not "
            "published: make the archive reachable, and run `make repro` again"
        )
    if RunRecord.read(RECORD).data_digest != provenance.content_digest:
        raise CaptchaOcrError(f"{RECORD} is of other pictures than {PROVENANCE}: run `make repro`")
    print(f"{MODEL} has learnt from the pictures of {PROVENANCE} ({provenance.origin})")


if __name__ == "__main__":
    exit_on_error(main)
