"""Picture files: which formats are opened, and what limits are checked before anything is decoded."""

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, features

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures import opening
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.opening import open_picture, read_header

GREY = Image.linear_gradient("L").resize((32, 16))
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 32 16\n%%EndComments\nshowpage\n%%EOF\n"

PSD = b"8BPS\0\1" + bytes(6) + b"\0\1" + b"\0\0\0\x10" + b"\0\0\0\x20" + b"\0\x08\0\1" + bytes(600)


def saved(form: str, picture: Image.Image = GREY, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG", "MPO", "PNG", "TIFF", "WEBP"])
def test_the_promised_formats_are_read(form: str) -> None:
    assert pixels_of(saved(form, GREY.convert("RGB")), "a").shape[:2] == (16, 32)


CLOSED = ["ICNS", "ICO", "JPEG2000", "PCX", "PPM", "SGI", "TGA"] + ["AVIF"] * features.check("avif")


@pytest.mark.parametrize("form", [*CLOSED, "EPS", "PSD"])
def test_other_formats_stay_closed_whatever_the_file_is_called(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program called `gs` on the path would be started for EPS, and leave its mark."""
    gs = tmp_path / "gs"
    gs.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    gs.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
    handmade = {"EPS": EPS, "PSD": PSD}
    file = tmp_path / "a.png"
    file.write_bytes(handmade[form] if form in handmade else saved(form, GREY.convert("RGB")))
    for opened in (lambda: open_picture(file, "a.png"), lambda: read_header(file.read_bytes(), "a.png")):
        with pytest.raises(CaptchaOcrError, match="not a picture in one of the formats PNG, JPEG"):
            opened()
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("form", ["GIF", "PNG", "TIFF", "WEBP"])
def test_of_an_animation_the_first_picture_is_read_and_of_a_document_with_pages_none(form: str) -> None:
    first, second = (Image.new("RGB", (8, 4), colour) for colour in ("red", "blue"))
    content = saved(form, first, save_all=True, append_images=[second])
    if form == "TIFF":
        with pytest.raises(CaptchaOcrError, match="a has several pages"):
            pixels_of(content, "a")
    else:
        red, green, blue, *_ = pixels_of(content, "a")[0, 0].tolist()
        assert red > 200
        assert green < 50
        assert blue < 50


def png_of_size(width: int, height: int) -> bytes:
    """A PNG file of a few bytes that claims a size."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    checksum = zlib.crc32(header).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + header + checksum + b"\x00\x00\x00\x00IDAT5\xaf\x06\x1e"


@pytest.mark.parametrize("side", [4097, 10_000, 30_000, 2**31 - 1])
def test_a_picture_that_claims_too_many_pixels_is_refused_with_the_limit(side: int) -> None:
    """Also beyond Pillow's own limits, a warning and an error."""
    with pytest.raises(CaptchaOcrError, match="more than 16,777,216"):
        open_picture(png_of_size(side, side), "a")


def test_a_file_of_too_many_bytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    with file.open("wb") as empty:
        empty.truncate(opening.MAX_BYTES + 1)
    for source in (file, bytes(opening.MAX_BYTES + 1)):
        with pytest.raises(CaptchaOcrError, match="a has 67,108,865 bytes, more than 67,108,864"):
            open_picture(source, "a")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(CaptchaOcrError, match="a is not a file"):
        open_picture(tmp_path / "a.png", "a")


def test_a_tiff_file_with_tiles_far_larger_than_its_picture_is_refused() -> None:
    """libtiff would take a gigabyte for this one."""
    end = 8 + 2 + 12 * 10 + 4
    tags = [
        (256, 64),
        (257, 64),
        (258, 8),
        (259, 5),
        (262, 1),
        (277, 1),
        (322, 2**15),
        (323, 2**15),
        (324, end),
        (325, 9),
    ]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    content = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4 + 9)
    with pytest.raises(CaptchaOcrError, match="a has tiles of 1,073,741,824 pixels, more than 16,777,216"):
        open_picture(content, "a")


def test_a_jpeg_file_that_repeats_its_scans_is_refused() -> None:
    content = saved("JPEG", GREY, progressive=True)
    start = content.rindex(opening.SCAN)
    scan = content[start:-2]
    pixels_of(content[:-2] + 20 * scan + content[-2:], "a")
    with pytest.raises(CaptchaOcrError, match="a is a JPEG file of more than 100 scans"):
        pixels_of(content[:-2] + 100 * scan + content[-2:], "a")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", saved("PNG")[:60], b"GIF89a", b"II*\0"])
def test_no_message_holds_a_memory_address(content: bytes) -> None:
    with pytest.raises(CaptchaOcrError) as raised:
        open_picture(content, "a")
    assert "0x" not in str(raised.value)


def test_a_palette_that_is_missing_is_a_damaged_picture() -> None:
    content = saved("PNG", GREY.convert("P"))
    place = content.index(b"PLTE")
    length = int.from_bytes(content[place - 4 : place], "big")
    with pytest.raises(CaptchaOcrError, match="a cannot be decoded"):
        pixels_of(content[: place - 4] + content[place + length + 8 :], "a")
