"""What constraints are worth to two weak networks: exact match with and without.

One is the default with its shipped weights, learnt on rendered captchas alone, and reads all pictures that the pipeline
fetched (run `make repro` first). The other is deliberately undertrained: the same from scratch, fitted to 100 training
pictures for a third of the steps, and reads all the others. The constraints are fixed here beforehand:

- none, greedy and by beam search; and the exact length of all labels
- a pattern, on those pictures whose label happens to match it; a reader who knows the source would know it too
- each picture's own structure of letters and digits: an oracle, the most that such knowledge could give
- the alphabet less one symbol, on the pictures that hold it once: does the constraint hold, and is the rest still read?

Writes reports/benchmarks/constrained_decoding.json.
"""

import argparse
import os
import platform
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PARAMS, PICTURES, REPORTS, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.likelihood import log_softmax
from captcha_ocr.network.architectures import build_network, complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples, load_samples
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.search.beam_search import beam_search
from captcha_ocr.search.constraints import Constraint
from captcha_ocr.train.pretrained import copy_shipped_weights
from captcha_ocr.train.train import train

LABELS = 100
UNDERTRAINED = {"pretrained": False, "epochs": 30, "epoch_steps": 11}
LENGTH = 5
PATTERNS = (r"[a-z]{2}.{3}", r"\d.{4}", r"[a-z]\d[a-z].{2}")
Rows = list[dict[str, Any]]
Read = tuple[NDArray[np.float64], Samples]  # log probabilities [N, T, K], and the pictures that they are of


def read_unfitted(params: Params, codec: Codec) -> Read:
    """All pictures under the shipped weights."""
    train_params = complete_train_params(params.train)
    samples = load_samples(Splits.read(SPLITS).pictures(PictureShards(PICTURES)), train_params.input_size)
    network = build_network(train_params.architecture, train_params.input_size, codec.classes)
    copy_shipped_weights(network, codec, train_params.architecture)
    return log_softmax(read_logits(network, samples.inputs)), samples


def read_undertrained(params: Params, codec: Codec) -> Read:
    """All pictures but some training pictures, to which a network was fitted from scratch and too briefly."""
    train_params = complete_train_params(params.train).model_copy(update=UNDERTRAINED)
    splits = Splits.read(SPLITS)
    chosen = np.zeros(len(splits), dtype=bool)
    chosen[np.random.default_rng(0).permutation(np.flatnonzero(splits.split == "train"))[:LABELS]] = True
    training, rest = (
        load_samples(splits.where(rows).pictures(PictureShards(PICTURES)), train_params.input_size)
        for rows in (chosen, ~chosen)
    )
    network = train(training, training, codec, train_params, lambda epoch: None).network
    return log_softmax(read_logits(network, rest.inputs)), rest


def structure(label: str) -> str:
    """The pattern of a label's letters and digits."""
    return "".join(r"\d" if symbol.isdecimal() else "[a-z]" for symbol in label)


class Reader:
    """Reads test pictures by their index, each with a constraint of its own."""

    def __init__(self, log_probs: NDArray[np.float64], labels: Sequence[str], codec: Codec) -> None:
        self.log_probs, self.labels, self.codec = log_probs, labels, codec
        self.automaton = cache(lambda constraint: constraint.compiled(codec))

    def text(self, index: int, constraint: Constraint) -> str:
        """The best text within the constraint."""
        return beam_search(self.log_probs[index], self.codec, self.automaton(constraint))[0].text

    def right(self, constraints: dict[int, Constraint]) -> dict[int, bool]:
        """For each index, whether it is read exactly."""
        return {index: self.text(index, c) == self.labels[index] for index, c in constraints.items()}

    def compared(self, name: str, constraints: dict[int, Constraint]) -> dict[str, Any]:
        """Exact match on the given pictures: free, with all labels' length, with their constraints; by beam search."""
        without, within = self.right(dict.fromkeys(constraints, Constraint())), self.right(constraints)
        of_length = self.right(dict.fromkeys(constraints, Constraint.exact_length(LENGTH)))
        return {
            "constraint": name,
            "pictures": len(constraints),
            "exact_without": sum(without.values()),
            "exact_with_length": sum(of_length.values()),
            "exact_with": sum(within.values()),
            "gained": sum(within[i] and not without[i] for i in constraints),
            "lost": sum(without[i] and not within[i] for i in constraints),
        }


def pattern_rows(reader: Reader) -> Rows:
    """Exact length, fixed patterns, and the oracle."""
    every = range(len(reader.labels))
    rows = [reader.compared(f"length {LENGTH}", dict.fromkeys(every, Constraint.exact_length(LENGTH)))]
    for pattern in PATTERNS:
        matching = [i for i in every if re.fullmatch(pattern, reader.labels[i])]
        rows.append(reader.compared(f"pattern {pattern}", dict.fromkeys(matching, Constraint(pattern=pattern))))
    own = {i: Constraint(pattern=structure(reader.labels[i])) for i in every}
    return [*rows, reader.compared("oracle: own letters and digits", own)]


def subset_row(reader: Reader) -> dict[str, Any]:
    """Every symbol left out in turn, on the pictures that hold it just once."""
    held, others_right, count = 0, 0, 0
    for missing in reader.codec.alphabet:
        allowed = reader.codec.alphabet.replace(missing, "")
        for i in (i for i, label in enumerate(reader.labels) if label.count(missing) == 1):
            text = reader.text(i, Constraint(symbols=allowed))
            count += 1
            held += set(text) <= set(allowed)
            others_right += bool(re.fullmatch(reader.labels[i].replace(missing, ".?"), text))
    return {"readings": count, "constraint_held": held, "other_symbols_right": others_right}


def compare(read: Read, codec: Codec) -> dict[str, Any]:
    """All comparisons for one network."""
    log_probs, samples = read
    reader = Reader(log_probs, samples.labels, codec)
    beam = reader.right(dict.fromkeys(range(len(samples.labels)), Constraint()))
    greedy = [text == label for text, label in zip(greedy_decode(log_probs, codec), samples.labels, strict=True)]
    return {
        "pictures": len(samples.labels),
        "greedy_exact": sum(greedy),
        "beam_exact": sum(beam.values()),
        "constraints": pattern_rows(reader),
        "one_symbol_outside": subset_row(reader),
    }


def share(right: int, count: int) -> str:
    """As a percentage with Wilson's interval."""
    if not count:
        return "-"
    low, high = wilson_interval(right, count)
    return f"{100 * right / count:5.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def print_table(result: dict[str, Any]) -> None:
    """One line a constraint."""
    count = result["pictures"]
    print(f"{count} pictures: greedy {share(result['greedy_exact'], count)}, beam {share(result['beam_exact'], count)}")
    for row in result["constraints"]:
        shares = [share(row[f"exact_{key}"], row["pictures"]) for key in ("without", "with_length", "with")]
        print(
            f"  {row['constraint']:32} n = {row['pictures']:4}  without {shares[0]}  length {shares[1]}  "
            f"with {shares[2]}  +{row['gained']} -{row['lost']}"
        )
    outside = result["one_symbol_outside"]
    print(
        f"  one symbol outside the subset: held in {outside['constraint_held']} of {outside['readings']} readings; "
        f"other symbols right in {outside['other_symbols_right']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=REPORTS / "benchmarks" / "constrained_decoding.json")
    args = parser.parse_args()
    params = load_params(PARAMS)
    codec = Codec(params.text.alphabet)
    result: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    for name, read in (("shipped weights", read_unfitted), ("undertrained", read_undertrained)):
        result[name] = compare(read(params, codec), codec)
        print(name)
        print_table(result[name])
    write_json(args.output, result)


if __name__ == "__main__":
    exit_on_error(main)
