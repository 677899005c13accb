"""Where pictures come from: `pinned`, `own`, or rendered."""

SYNTHETIC = "synthetic"
SYNTHETIC_WARNING = (
    "THESE ARE NOT THE REAL PICTURES: the archive could not be reached, so look-alikes were rendered. "
    "Every figure of this run is about them."
)
