"""Fits an architecture on freshly rendered captchas and stores its weights as the package's pretrained weights.

    python pretraining/pretrain.py --kaptcha-share 0 --width 200
    python pretraining/pretrain.py --kaptcha-share 0 --start --chunks 30 --learning-rate 0.002 --seed 1
    python pretraining/pretrain.py --kaptcha-share 0 --start --chunks 70 --learning-rate 0.002 --seed 2
    python pretraining/pretrain.py --start --chunks 100 --learning-rate 0.003 --seed 3

which is how the shipped ones were made: first on pictures as they are drawn, which is cheaper, then on those stretched
to the width of the architecture's recipe, then with Kaptcha's look among them. No picture is seen twice: a second
process renders the next ones while the network learns from the last. The weights are stored at the end alone, since
what a killed run leaves must not take the place of those that are shipped. The alphabet is digits and both cases;
`captcha_ocr.train.pretrained` fits the weights to another one.
"""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import build_network, complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.pretraining.rendering import ALPHABET, KAPTCHA_SHARE, render_batch
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.train.ctc_model import build_ctc_model
from captcha_ocr.train.optimizer import check_finite
from captcha_ocr.train.pretrained import load_pretrained_weights, save_pretrained_weights, weights_file
from captcha_ocr.train.schedule import alignment_weight

DRAWN_WIDTH, DRAWN_HEIGHT = 200, 50
HELD_OUT_SEED = 1_000_000  # no chunk's seed
RENDERED = {"fit": None, "lines": None}  # rendered pictures have one line, and the proportions of the recipe

Pictures = tuple[NDArray[np.uint8], list[str]]


def _render(job: tuple[InputSize, int, int, float]) -> Pictures:
    image, count, seed, kaptcha_share = job
    pictures, texts = render_batch(count, DRAWN_WIDTH, DRAWN_HEIGHT, seed, kaptcha_share)
    return np.stack([to_input(picture, image) for picture in pictures]), texts


def _chunks(image: InputSize, count: int, size: int, seed: int, kaptcha_share: float) -> Iterator[Pictures]:
    """`count` chunks of `size` pictures each, rendered ahead by one process."""
    with get_context("spawn").Pool(1) as pool:
        yield from pool.imap(_render, [(image, size, seed + i, kaptcha_share) for i in range(count)])


def _report(network: keras.Model, held_out: Samples, codec: Codec) -> str:
    texts = greedy_decode(read_logits(network, held_out.inputs), codec)
    cer = character_error_rate(held_out.labels, texts)
    return f"held-out CER {cer:.2%}, exact {exact_match(held_out.labels, texts):.2%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", default="compact")
    parser.add_argument("--chunks", type=int, default=96)
    parser.add_argument("--chunk-size", type=int, default=5000)
    parser.add_argument("--learning-rate", type=float, default=0.004)
    parser.add_argument("--width", type=int, help="of the network's input (default: the recipe's)")
    parser.add_argument("--kaptcha-share", type=float, default=KAPTCHA_SHARE)
    parser.add_argument("--start", action="store_true", help="from the weights that are shipped")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    section = load_params(Path("params.yaml")).train.model_copy(update=RENDERED | {"architecture": args.architecture})
    changes = {"pretrained": args.start, "epochs": args.chunks, "batch_size": 32, "seed": args.seed}
    changes |= {"learning_rate": args.learning_rate, "schedule": "cosine", "warmup_epochs": 0.5, "ema": 0.0}
    changes |= {"alignment_epochs": 1, "augmentation": 0.0} | ({"width": args.width} if args.width else {})
    train_params = complete_train_params(section).model_copy(update=changes)
    keras.utils.set_random_seed(args.seed)
    codec = Codec(ALPHABET)
    network = build_network(args.architecture, train_params.input_size, codec.classes)
    if args.start:
        load_pretrained_weights(network, codec, weights_file(args.architecture))
    model = build_ctc_model(network, train_params, args.chunk_size // train_params.batch_size, jit_compile=False)
    pictures, texts = _render((train_params.input_size, 1000, HELD_OUT_SEED, args.kaptcha_share))
    held_out = Samples([""] * len(texts), texts, pictures)
    started = time.perf_counter()
    chunks = _chunks(train_params.input_size, args.chunks, args.chunk_size, args.seed * 1000, args.kaptcha_share)
    for number, (pictures, texts) in enumerate(chunks):
        model.alignment_weight.assign(alignment_weight(number, train_params))
        labels = codec.encode_batch(texts)
        # Labels of one width, however long the chunk's longest is, so that the step is compiled once.
        labels = np.pad(labels, ((0, 0), (0, 8 - labels.shape[1])))
        usable = len(texts) // train_params.batch_size * train_params.batch_size
        logs = model.fit(
            pictures[:usable], labels[:usable], batch_size=train_params.batch_size, verbose=0, shuffle=False
        )
        check_finite(model.state, number + 1, train_params)
        loss, seconds = logs.history["loss"][0], time.perf_counter() - started
        print(f"{number + 1:3} loss {loss:6.3f}, {_report(network, held_out, codec)}, {seconds:.0f} s", flush=True)
    save_pretrained_weights(network, codec, args.output or weights_file(args.architecture))


if __name__ == "__main__":
    main()
