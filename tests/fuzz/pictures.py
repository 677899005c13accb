"""Small well-formed pictures in all formats and modes, those that the project promises and those that it refuses."""

import io
import struct
import zlib
from functools import cache

from hypothesis import strategies as st
from PIL import Image

from tests.fuzz.cases import EDGES, broken, one, rare, upto

PROMISED = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "JPEG": ("L", "RGB", "CMYK"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"),
    "WEBP": ("RGB", "RGBA"),
}
REFUSED = {
    "EPS": ("L", "RGB"), "PDF": ("RGB",), "PPM": ("L", "RGB", "I;16"), "PCX": ("L",), "TGA": ("RGBA",), "SGI": ("RGB",),
    "ICO": ("RGBA",), "DDS": ("RGBA",), "JPEG2000": ("RGB",), "IM": ("L",), "XBM": ("1",), "MSP": ("1",),
    "SPIDER": ("F",),
    "BLP": ("P",), "ICNS": ("RGBA",), "AVIF": ("RGB",), "PALM": ("1",), "DIB": ("L",), "QOI": ("RGB",),
}  # fmt: skip
# How a file of a promised format begins.
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"BM", b"GIF8", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"RIFF")
# How a format can be saved, beside its usual way.
OPTIONS: dict[str, tuple[dict[str, object], ...]] = {
    "PNG": ({"dpi": (72, 72)}, {"transparency": 0}),
    "JPEG": ({"progressive": True}, {"quality": 20}),
    "WEBP": ({"lossless": True},),
    "GIF": ({"transparency": 0}, {"interlace": 0}),
    "TIFF": ({"compression": "tiff_lzw"}, {"compression": "tiff_deflate"}, {"compression": "packbits"},
    {"big_tiff": True}),
}  # fmt: skip
OF_MODES = {
    ("TIFF", "1"): ({"compression": "group4"},),
    ("TIFF", "L"): ({"compression": "jpeg"},),
    ("PNG", "P"): ({"bits": 4},),
}
SEVERAL = frozenset({"TIFF", "GIF", "WEBP", "PNG"})  # formats of several frames or pages
SIZE = (24, 12)


@cache
def png(shade: int, mode: str = "L") -> bytes:
    """A grey PNG."""
    file = io.BytesIO()
    Image.new(mode, SIZE, shade).save(file, "PNG")
    return file.getvalue()


def _drawn(mode: str) -> Image.Image:
    grey = Image.linear_gradient("L").resize(SIZE)
    if mode in ("LAB", "I;16"):
        return (
            Image.merge("LAB", [grey] * 3)
            if mode == "LAB"
            else Image.frombytes(mode, SIZE, grey.resize((48, 12)).tobytes())
        )
    return grey.convert("RGBA").convert(mode) if mode in ("RGBA", "LA") else grey.convert(mode)


def _saved(kind: str, mode: str, options: dict[str, object], frames: int = 1) -> bytes | None:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [_drawn(mode).rotate(9)] * (frames - 1)} if frames > 1 else {}
    try:
        _drawn(mode).save(file, kind, **options, **more)
    except Exception:  # Pillow cannot write this mode so, or lacks the format here
        return None
    return file.getvalue()


@cache
def seeds(promised: bool = True) -> tuple[bytes, ...]:
    """The bytes of a small picture in each format, mode and compression."""
    made = []
    for kind, modes in (PROMISED if promised else REFUSED).items():
        for mode in modes:
            made += [_saved(kind, mode, more) for more in ({}, *OPTIONS.get(kind, ()), *OF_MODES.get((kind, mode), ()))]
            if kind in SEVERAL and mode in ("L", "RGB"):
                made.append(_saved(kind, mode, {}, frames=3))
    return tuple(dict.fromkeys(filter(None, made)))


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG: kind and body."""
    found, place = [], 8
    while place + 8 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        found.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


EXTRA_CHUNKS = (
    (b"tRNS", b"\0\1"), (b"PLTE", b"\0" * 5), (b"iCCP", b"x\0\0" + zlib.compress(bytes(3_000_000))), (b"zTXt",
    b"k\0\0" + zlib.compress(bytes(3_000_000))),
    (b"iTXt", b"k\0\1\0\0\0" + zlib.compress(b"x" * 2_000_000)), (b"gAMA", b"\0"), (b"pHYs", b"\0" * 3), (b"acTL",
    struct.pack(">II", 1 << 31, 0)),
    (b"fcTL", bytes(26)), (b"fdAT", bytes(3)), (b"eXIf", b"MM\0*\xff\xff\xff\xff"), (b"sBIT", b""), (b"IDAT", b""),
    (b"IHDR", b""), (b"cHRM", b"\0"), (b"sRGB", b""),
)  # fmt: skip


SIDES = one(*EDGES, 24, 4000, 5000, 30_000)
DEPTHS = one(0, 1, 2, 3, 4, 6, 8, 16, 255)
EXTRAS, SWAPS = one(*EXTRA_CHUNKS), one("body", "size", "add", "repeat", "swap")
BEGINNINGS = one(*SIGNATURES, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"8BPS", b"")
SOME_BYTES = st.binary(max_size=64)


def _header(draw: st.DrawFn) -> bytes:
    """An IHDR: width, height, bits, colour type, and three bytes more."""
    rest = bytes([draw(DEPTHS), draw(DEPTHS), 0, 0, draw(upto(2))])
    return struct.pack(">II", draw(SIDES), draw(SIDES)) + rest


def _change(draw: st.DrawFn, chunks: list[tuple[bytes, bytes]]) -> None:
    place, change = draw(upto(len(chunks) - 1)), draw(SWAPS)
    if change == "size":
        chunks[0] = (b"IHDR", _header(draw))
    elif change == "add":
        chunks.insert(place, draw(EXTRAS))
    elif change == "repeat":
        chunks[place:place] = [chunks[place]] * draw(one(1, 2, 100))
    elif change == "swap":
        chunks[place], chunks[0] = chunks[0], chunks[place]
    else:
        chunks[place] = (chunks[place][0], broken(draw, chunks[place][1], [], 1))


@st.composite
def pngs(draw: st.DrawFn) -> bytes:
    """PNGs with broken chunks, whose checksums are right."""
    whole = [seed for seed in seeds() if seed.startswith(b"\x89PNG")]
    chunks = _chunks(whole[draw(upto(len(whole) - 1))])
    for _ in range(draw(upto(3))):
        _change(draw, chunks)
    written = (struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


PNGS = pngs()


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """Files that are pictures, nearly are, or never were."""
    kind = draw(upto(9))
    if kind < 3:
        return draw(PNGS)
    if kind == 3:
        return draw(BEGINNINGS) + draw(SOME_BYTES)
    of_kind = seeds(kind > 4)
    return broken(draw, of_kind[draw(upto(len(of_kind) - 1))], of_kind, rare(draw, 6, one(12), 3))
