"""Random texts of digits and letters."""

import string

from captcha_ocr.pretraining.dice import Dice

ALPHABET = string.digits + string.ascii_lowercase + string.ascii_uppercase
MAX_LENGTH = 10
_LENGTHS = {1: 1.0, 2: 2.0, 3: 4.0, 4: 12.0, 5: 12.0, 6: 12.0, 7: 7.0, 8: 5.0, 9: 2.5, MAX_LENGTH: 2.5}
_SYMBOLS = {
    string.digits: 0.15,
    string.ascii_lowercase: 0.08,
    string.ascii_uppercase: 0.1,
    string.digits + string.ascii_lowercase: 0.25,
    string.digits + string.ascii_uppercase: 0.22,
    ALPHABET: 0.2,
}


def random_text(dice: Dice, symbols: str = ALPHABET) -> str:
    """One to ten symbols, all of them among `symbols`.

    Most texts use one case only, as most captchas do: the case of a single o or x cannot be seen.
    """
    drawn = [symbol for symbol in dice.weighted(_SYMBOLS) if symbol in symbols] or list(symbols)
    return "".join(dice.pick(drawn) for _ in range(dice.weighted(_LENGTHS)))
