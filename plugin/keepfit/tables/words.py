r"""What a word is: how texts are taken apart, alike in profiles, models and reports, and on every machine.

A word is a run of letters, marks and digits, with apostrophes inside it, case-folded and composed (NFKC): `CAFÉ`, `Cafe` + accent and `café` are one.
Every run of digits is written 0, so that amounts and numbers of orders are no new words. Scripts that put no spaces between words (Han, kana, Thai, Lao,
Burmese, Khmer) are read as pairs of neighbouring characters. Signs and emoji are no words.

A word is known by 64 bits of its BLAKE2b digest: the same for ever and everywhere. Blind to what two words mean together, and to spelling.

>>> words_of("Don't PAY 1,299.00 for the ﬁber!")
["don't", 'pay', '0', '0', '0', 'for', 'the', 'fiber']
>>> words_of("東京へ行く"), words_of("หนา")
(['東京', '京へ', 'へ行', '行く'], ['หน', 'นา'])
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b

READ = 100_000
"""Of a longer text the first so many characters are read."""
SHORT = 64
"""Pieces of at most so many characters are remembered with their words."""
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
PLAIN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
DIGITS = re.compile(r"\d+")
MARKED = range(0x300, 0x20000)  # where combining marks lie, all but the variation selectors of plane 14


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, of its first 100,000 characters."""
    piece = text[:READ]
    if piece.isascii():
        return PLAIN.findall(DIGITS.sub("0", piece.lower()))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece).casefold()).replace("\u2019", "'")
    spaced, spaceless = _patterns()
    if not spaceless.search(folded):
        return spaced.findall(DIGITS.sub("0", folded))
    found: list[str] = []
    for run in re.split(f"([{SPACELESS}]+)", DIGITS.sub("0", folded)):
        found += _pairs(run) if spaceless.match(run) else spaced.findall(run)
    return found


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word of letters, marks and digits; a character of a script without spaces. Made on the first text that is not ASCII."""
    spaceless = re.compile(f"[{SPACELESS}]")
    marks = "".join(char for char in map(chr, MARKED) if unicodedata.category(char)[0] == "M" and not spaceless.match(char))
    letter = rf"(?:[^\W_{SPACELESS}]|[{marks}])"
    return re.compile(f"{letter}+(?:'{letter}+)*"), spaceless


def hash_of(word: str) -> int:
    """Return a word's 64 bits.

    >>> hex(hash_of("refund"))
    '0xd9adb98c53fc6c72'
    """
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def hashes_of(piece: str) -> tuple[int, ...]:
    """Return the hashes of a piece's words in their order; pieces that come again and again are read once."""
    return _remembered(piece) if len(piece) <= SHORT else tuple(map(_hash_of, words_of(piece)))


@lru_cache(maxsize=1 << 16)
def _remembered(piece: str) -> tuple[int, ...]:
    return tuple(map(hash_of, words_of(piece)))


_hash_of = lru_cache(maxsize=1 << 16)(hash_of)
