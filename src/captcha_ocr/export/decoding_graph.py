"""Turns logits into text and confidences, by an ONNX graph: greedy CTC decoding and the forward algorithm.

In the graph, `zero`, `one` and `two` are vectors of length 1; `none`, `single` and `double` are the same numbers as
scalars.
"""

import onnx

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.pictures.preprocessing import HEADER

# From the emitted classes to `symbol_confidence`. `places` is the number of symbols up to each time step, a `run` are
# the time steps of one symbol, and `symbols`, [N, L], are the classes of the text.
SYMBOLS = """
  silent_count = Cast <to = 7> (silent)
  emitted_count = Sub (single, silent_count)
  places = CumSum (emitted_count, single)
  lengths = ReduceSum <keepdims = 1> (emitted_count, one)
  longest_text = ReduceMax <keepdims = 0> (lengths)
  longest = Max (longest_text, single)
  end_of_range = Add (longest, single)
  numbers = Range (single, end_of_range, single)
  column = Reshape (numbers, as_column)
  places_row = Unsqueeze (places, one)
  at_place = Equal (places_row, column)
  not_blank = Not (is_blank)
  not_blank_row = Unsqueeze (not_blank, one)
  run = And (at_place, not_blank_row)
  best_row = Unsqueeze (best, one)
  run_symbols = Where (run, best_row, blank)
  symbols = ReduceMax <keepdims = 0> (run_symbols, two)
  highest = ReduceMax <keepdims = 0> (probabilities, two)
  highest_row = Unsqueeze (highest, one)
  run_highest = Where (run, highest_row, never)
  symbol_confidence = ReduceMax <keepdims = 0> (run_highest, two)"""

# The forward algorithm, from `symbols`, the classes of the text, to `confidence`.
FORWARD = """
  symbol_column = Unsqueeze (symbols, two)
  pairs = Pad (symbol_column, blank_before, blank)
  row = Reshape (pairs, joined)
  states = Pad (row, step_after, blank)
  shape = Shape (states)
  sequences, count = Split <num_outputs = 2> (shape)
  state_count = Squeeze (count)
  indices = Range (none, state_count, single)
  sources = Unsqueeze (indices, one)
  targets = Unsqueeze (indices, zero)
  final_blank = Mul (lengths, double)
  final_symbol = Sub (final_blank, single)
  beyond = Greater (targets, final_blank)
  no_class = Squeeze (classes)
  emitting = Where (beyond, no_class, states)
  emissions_of = OneHot <axis = 1> (emitting, classes, off_on)
  emissions = MatMul (probabilities, emissions_of)
  distances = Sub (targets, sources)
  stays = Equal (distances, none)
  advances = Equal (distances, single)
  skips = Equal (distances, double)
  source_symbols = Unsqueeze (states, two)
  target_symbols = Unsqueeze (states, one)
  same = Equal (source_symbols, target_symbols)
  differ = Not (same)
  may_skip = And (skips, differ)
  near = Or (stays, advances)
  allowed = Or (near, may_skip)
  transitions = Cast <to = 1> (allowed)

  start_row = OneHot <axis = 1> (zero, count, off_on)
  start_shape = Concat <axis = 0> (sequences, one, count)
  start = Expand (start_row, start_shape)
  by_step = Transpose <perm = [1, 0, 2]> (emissions)
  emissions_by_step = Unsqueeze (by_step, two)
  finish = Scan <num_scan_inputs = 1,
    body = advance (float[N, 1, S] alpha, float[N, 1, S] emission) => (float[N, 1, S] next) {
      reached = MatMul (alpha, transitions)
      next = Mul (reached, emission)
    }> (start, emissions_by_step)
  ends = Squeeze (finish, one)
  is_final_blank = Equal (targets, final_blank)
  is_final_symbol = Equal (targets, final_symbol)
  is_final = Or (is_final_blank, is_final_symbol)
  finals = Where (is_final, ends, never)
  probability = ReduceSum <keepdims = 0> (finals, one)
  confidence = Min (probability, certain)"""


def _concatenation(steps: int) -> str:
    """Graph lines that concatenate the strings `characters_K` [N, 2^K] to `characters_0` [N, 1].

    Each level joins pairs of neighbours, so K levels are enough, instead of one operator for each time step.
    """
    lines = []
    for level in range(depth(steps), 0, -1):
        for side, start in (("left", "zero"), ("right", "one")):
            lines.append(f"{side}_{level} = Slice (characters_{level}, {start}, end, one, two)")
        lines.append(f"characters_{level - 1} = StringConcat (left_{level}, right_{level})")
    return "\n  ".join(lines)


def depth(steps: int) -> int:
    """The smallest K for which 2^K is at least `steps`."""
    return (steps - 1).bit_length()


def _greedy_text(steps: int) -> str:
    """Graph lines from `log_probs` to `text`. Repetitions become blanks, and a blank is written as the empty string."""
    return f"""
  best = ArgMax <axis = 2, keepdims = 0> (log_probs)
  shifted = Pad (best, step_before, blank)
  previous = Slice (shifted, zero, last, one)
  is_blank = Equal (best, blank)
  repeats = Equal (best, previous)
  silent = Or (is_blank, repeats)
  emitted = Where (silent, blank, best)

  filled = Pad (emitted, steps_after, blank)
  characters_{depth(steps)} = Gather (vocabulary, filled)
  {_concatenation(steps)}
  text = Squeeze (characters_0, one)"""


def decoding_graph(codec: Codec, steps: int, temperature: float) -> onnx.ModelProto:
    """The graph from `logits`, float32 [N, T, K] with T = `steps`, to these outputs:

    - `text`, string [N]: the most probable class of each time step, repetitions merged, blanks dropped.
    - `confidence`, float32 [N]: p(text | picture), the sum over all its paths by the forward algorithm (Graves et al.
      2006), calibrated by `temperature`.
    - `symbol_confidence`, float32 [N, L]: the highest probability of each symbol over the time steps that it was read
      from, and 0 after the end of a text. L is the length of the longest text in the batch, at least 1.
    - `log_probs`, float32 [N, T, K]: calibrated by `temperature`. Class 0 is the blank, the others are the alphabet.

    The states of the forward algorithm are the symbols of the text, with a blank before, between and after them. A time
    step stays in its state, moves to the next, or skips the blank between two different symbols. It is therefore one
    product with a transition matrix.
    """
    text = f"""{HEADER}
reading (float[N, {steps}, {codec.classes}] logits) => (string[N] text, float[N] confidence,
  float[N, L] symbol_confidence, float[N, {steps}, {codec.classes}] log_probs)
<float temperature = {{{temperature!r}}}, float certain = {{1}}, float never = {{0}}, float[2] off_on = {{0, 1}},
 int64 blank = {{{BLANK}}}, int64 none = {{0}}, int64 single = {{1}}, int64 double = {{2}},
 int64[1] zero = {{0}}, int64[1] one = {{1}}, int64[1] two = {{2}}, int64[1] last = {{-1}},
 int64[1] end = {{{steps * 2}}}, int64[1] classes = {{{codec.classes}}},
 int64[4] step_before = {{0, 1, 0, 0}}, int64[4] step_after = {{0, 0, 0, 1}},
 int64[4] steps_after = {{0, 0, 0, {2 ** depth(steps) - steps}}}, int64[6] blank_before = {{0, 0, 1, 0, 0, 0}},
 int64[2] joined = {{0, -1}}, int64[3] as_column = {{1, -1, 1}}>
{{
  tempered = Div (logits, temperature)
  log_probs = LogSoftmax <axis = 2> (tempered)
  probabilities = Exp (log_probs)

{_greedy_text(steps)}
{SYMBOLS}
{FORWARD}
}}"""
    model = onnx.parser.parse_model(text)
    vocabulary = ["", *codec.alphabet]
    model.graph.initializer.append(
        onnx.helper.make_tensor(
            "vocabulary", onnx.TensorProto.STRING, [len(vocabulary)], [symbol.encode() for symbol in vocabulary]
        )
    )
    onnx.checker.check_model(model, full_check=True)
    return model
