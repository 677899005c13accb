"""The text of a table, which is UTF-8."""

from collections.abc import Iterator

from captcha_ocr.base.errors import CaptchaOcrError


def decoded(content: bytes, name: str) -> str:
    """The text of the table `name` without a byte order mark; raises CaptchaOcrError naming the line if not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Positions are those behind the byte order mark.
        start = content.removeprefix(b"\xef\xbb\xbf")[: error.start]
        line, byte = start.count(b"\n") + 1, error.object[error.start]
        raise CaptchaOcrError(f"{name}, line {line}: byte 0x{byte:02x} is not UTF-8: save the table as UTF-8") from None


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of `text` that are not empty, with their numbers from 1.

    Only a line feed, or one behind a carriage return, ends a line: a label may hold Unicode's other separators.
    """
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
