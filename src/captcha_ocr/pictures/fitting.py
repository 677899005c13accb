"""Brings pictures of any size to the network's size: the lines of the preprocessing graph that do so.

They lead from `planes`, float [N, channels, H, W], to `fitted`, float [N, channels, height, width]. `source_size` is
[H, W], `size` is [height, width], and `batch` and `channels` are the first two lengths; each is a vector.
"""

from captcha_ocr.pictures.input_size import Fit

STRETCH = """
  shape = Concat <axis = 0> (batch, channels, size)
  fitted = Resize <mode = "linear", antialias = 1> (planes, , , shape)"""

# Both sides follow from whole numbers, so that every runtime finds the same: side × target of the other side / other
# side, a half rounded up, at least 1 and at most the side's own target. One of them always reaches its target.
SIDES = """
  two = Constant <value_ints = [2]> ()
  exchanged = Constant <value_ints = [1, 0]> ()
  other_source = Gather (source_size, exchanged)
  other_target = Gather (size, exchanged)
  scaled_sides = Mul (source_size, other_target)
  doubled = Mul (scaled_sides, two)
  dividend = Add (doubled, other_source)
  divisor = Mul (other_source, two)
  rounded_sides = Div (dividend, divisor)
  positive_sides = Max (rounded_sides, one)
  sides = Min (positive_sides, size)
  shape = Concat <axis = 0> (batch, channels, sides)
  scaled = Resize <mode = "linear", antialias = 1> (planes, , , shape)"""

# Of what is free, columns are at the right, and rows half above and half below; an odd row is below.
MARGINS = """
  rows_only = Constant <value_ints = [1, 0]> ()
  picture_axes = Constant <value_ints = [2, 3]> ()
  no_level = Constant <value_float = -1.0> ()
  dark = Constant <value_float = 0.0> ()
  free = Sub (size, sides)
  halves = Div (free, two)
  before = Mul (halves, rows_only)
  after = Sub (free, before)
  margins = Concat <axis = 0> (before, after)
  framed = Pad (scaled, margins, no_level, picture_axes)
  in_margin = Less (framed, dark)"""

# The colour is, for each channel, the median of the picture's first and last row and column (corners count twice): of
# P sorted levels the one at place (P + 1) / 2, rounded down.
COLOUR = """
  ends = Constant <value_ints = [0, -1]> ()
  last = Constant <value_ints = [-1]> ()
  outer_rows = Gather <axis = 2> (planes, ends)
  outer_columns = Gather <axis = 3> (planes, ends)
  rows_in_line = Reshape (outer_rows, in_rows)
  columns_in_line = Reshape (outer_columns, in_rows)
  border = Concat <axis = 2> (rows_in_line, columns_in_line)
  border_length = Shape <start = 2> (border)
  border_and_one = Add (border_length, one)
  half = Div (border_and_one, two)
  darker_half, places = TopK <axis = 2, largest = 0> (border, half)
  median = Gather <axis = 2> (darker_half, last)
  colour = Unsqueeze (median, last)
  fitted = Where (in_margin, colour, framed)"""

GRAPH_LINES: dict[Fit, str] = {"stretch": STRETCH, "pad": SIDES + MARGINS + COLOUR}
