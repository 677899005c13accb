"""Fits a scaled network to rendered text in all styles, and stores its weights as the package's own.

    python pretraining/fonts.py                        # fetches the fonts, once
    python pretraining/pictures.py --count 250000      # renders the pictures, once
    python pretraining/pretrain.py --architecture small --passes 3

The learning rate stays for two thirds of the fit and then falls to zero. Every chunk of pictures ends with a checkpoint
in --folder, from which the same command goes on after a kill; with more passes it goes on from where the rate began to
fall. The weights are stored at the end alone, since what a killed run leaves must not take the place of those that are
shipped. The alphabet is digits and both cases; `captcha_ocr.train.pretrained` fits the weights to another one.
"""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
import time
from pathlib import Path

import keras
import numpy as np
from pictures import CACHE, CHUNK, INPUT, Chunk, cache_folder, read_chunk, render_chunk

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing
from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import build_network, complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.pretraining.fonts import FOLDER
from captcha_ocr.pretraining.texts import ALPHABET, MAX_LENGTH
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.train.ctc_model import CtcModel, build_ctc_model
from captcha_ocr.train.optimizer import check_finite
from captcha_ocr.train.pretrained import save_pretrained_weights, weights_file

BATCH = 32
ALIGNED_CHUNKS = 3  # with the aid against the all-blank plateau
FALL = 1 / 3  # of the fit: the rate falls to zero over it
AUGMENTATION = 0.7  # from the second pass on, when the network sees the pictures again
HELD_OUT, HELD_OUT_SEED = 1000, 1_000_000_000  # no chunk's seed
REPORT_EVERY = 10  # chunks


def _fall_start(chunks: int) -> int:
    return round((1 - FALL) * chunks)


def _rate(number: int, chunks: int, highest: float) -> float:
    """The learning rate of a chunk, counted from 0: warm-up, constant, linear fall."""
    start = _fall_start(chunks)
    return highest * min(1.0, (number + 1) / 2, (chunks - number) / (chunks - start))


def _save(model: CtcModel, file: Path, number: int) -> None:
    arrays = {f"{i:05}": keras.ops.convert_to_numpy(variable) for i, variable in enumerate(model.state)}
    with replacing(file) as draft, draft.open("wb") as stream:
        np.savez(stream, chunks=np.array(number), **arrays)


def _resumed(model: CtcModel, file: Path) -> int:
    """Loads a checkpoint; the number of chunks that it has seen, 0 where there is none."""
    if not file.exists():
        return 0
    with np.load(file) as stored:
        for i, variable in enumerate(model.state):
            variable.assign(stored[f"{i:05}"])
        return int(stored["chunks"])


def _start(model: CtcModel, state: Path, before_fall: Path, chunks: int) -> int:
    """Loads the checkpoint from which `chunks` chunks in all can be reached; the number that it has seen."""
    done = _resumed(model, state)
    if before_fall.exists() and done < _fall_start(chunks):
        return _resumed(model, before_fall)
    return done


def _params(architecture: str, seed: int) -> TrainParams:
    section = load_params(Path("params.yaml")).train.model_copy(update={"architecture": architecture})
    size = {"width": INPUT.width, "height": INPUT.height, "channels": INPUT.channels, "fit": INPUT.fit, "lines": None}
    changes = {"pretrained": False, "batch_size": BATCH, "seed": seed, "ema": 0.0, "augmentation": AUGMENTATION}
    recipe = complete_train_params(section.model_copy(update=size))
    return recipe.model_copy(update=changes | {"alignment_epochs": ALIGNED_CHUNKS})


def _fit_chunk(model: CtcModel, chunk: Chunk, codec: Codec) -> float:
    """The mean loss."""
    # Labels of one width, however long the chunk's longest is, so that the step is compiled once.
    labels, encoded = np.full((len(chunk.texts), MAX_LENGTH), BLANK), codec.encode_batch(chunk.texts)
    labels[:, : encoded.shape[1]] = encoded
    batches = [slice(start, start + BATCH) for start in range(0, CHUNK, BATCH)]
    return float(np.mean([model.train_on_batch(chunk.pictures[batch], labels[batch]) for batch in batches]))


def _report(network: keras.Model, held_out: Chunk, codec: Codec) -> str:
    texts = greedy_decode(read_logits(network, held_out.pictures), codec)
    cer = character_error_rate(held_out.texts, texts)
    return f"held-out CER {cer:.2%}, exact {exact_match(held_out.texts, texts):.2%}"


def _chunk(folder: Path, number: int, wait: bool) -> Chunk:
    """A chunk that has been rendered; waits for it where another process renders it. Raises CaptchaOcrError else."""
    while (chunk := read_chunk(folder, number)) is None:
        if not wait:
            raise CaptchaOcrError(f"{folder} has no chunk {number}: python pretraining/pictures.py renders it")
        time.sleep(5)
    return chunk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", default="small")
    parser.add_argument("--count", type=int, default=250_000, help="of pictures; whole chunks are shown")
    parser.add_argument("--passes", type=int, default=3, help="over the pictures")
    parser.add_argument("--learning-rate", type=float, default=0.004)
    parser.add_argument("--fonts", type=Path, default=FOLDER)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--folder", type=Path, default=Path(".checkpoints/pretraining"))
    parser.add_argument("--wait", action="store_true", help="for pictures that are still being rendered")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    params, codec, different = _params(args.architecture, args.seed), Codec(ALPHABET), -(-args.count // CHUNK)
    chunks, folder = args.passes * different, cache_folder(args.cache, args.fonts)
    keras.utils.set_random_seed(args.seed)
    network = build_network(args.architecture, INPUT, codec.classes)
    model = build_ctc_model(network, params, CHUNK // BATCH, jit_compile=keras.backend.backend() == "jax")
    state, before_fall = args.folder / f"{args.architecture}.npz", args.folder / f"{args.architecture}-before-fall.npz"
    args.folder.mkdir(parents=True, exist_ok=True)
    done = _start(model, state, before_fall, chunks)
    held_out, started = render_chunk(HELD_OUT, HELD_OUT_SEED, args.fonts), time.perf_counter()
    for number in range(done, chunks):
        model.alignment_weight.assign(max(0.0, 1 - number / ALIGNED_CHUNKS))
        model.augmentation.share.assign(float(number >= different))
        model.optimizer.learning_rate = _rate(number, chunks, args.learning_rate)
        loss = _fit_chunk(model, _chunk(folder, number % different, args.wait), codec)
        check_finite(model.state, number + 1, params)
        _save(model, state, number + 1)
        if number + 1 == _fall_start(chunks):
            _save(model, before_fall, number + 1)
        result = f", {_report(network, held_out, codec)}" if (number + 1) % REPORT_EVERY == 0 else ""
        print(
            f"{number + 1:4} of {chunks} chunks, loss {loss:6.3f}{result}, {time.perf_counter() - started:.0f} s",
            flush=True,
        )
    print(_report(network, held_out, codec))
    save_pretrained_weights(network, codec, args.output or weights_file(args.architecture))


if __name__ == "__main__":
    main()
