r"""Numbers written as text: `$1.5`, `R$ 2`, `1,234.5`, `1.234,5`, `12 %`, `(3.20)`, `1 000`; how much of a column are numbers, and what is none.

A column is judged as a whole: whether its decimals have a point or a comma, and whether it holds numbers or only digits. Codes stay text:
whole numbers with leading zeros (postcodes, ids), numbers with a leading plus, and those of seven and more digits that are all equally
long (telephone numbers). A code without any of these signs cannot be told from a number: `90210` alone is one.

>>> signs = signs_of(pa.array(["$1,200.50", "(3.20)", "TOTAL", "n/a"]))
>>> signs.share, as_numbers(pa.array(["$1,200.50", "(3.20)", "TOTAL", "n/a"]), comma=signs.comma).to_pylist()
(0.6666666666666666, [1200.5, -3.2, None, None])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.missing import MISSING_WORDS

SHOWN, CUT = 5, 40
FEW = 50  # as many categories are told apart
SURELY = 0.9
MOSTLY = 0.5
CODES = 0.005
LONG = 7

_SPACE = r"[\s\x{a0}\x{2009}\x{202f}]*"
_LARGEST = "USD|EUR|GBP|CHF|JPY|CNY|INR"
_ISO_4217 = (  # each with a space before or after it: `ALL12` is a code
    "AED|AFN|ALL|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|"
    "DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HRK|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|"
    "KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|"
    "RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VES|VND|VUV|WST|XAF|"
    "XCD|XOF|XPF|YER|ZAR|ZMW"
)
_SIGN = r"[A-Z]{0,3}\p{Sc}|" + _LARGEST + r"|kr\.?|z\x{142}|K\x{10d}|Ft|Rs\.?|Rp\.?|lei|\x{440}\x{443}\x{431}\.?|\x{5143}|\x{5186}"  # zł Kč руб. 元 円
_BEFORE = rf"(?:{_SIGN}|(?:{_ISO_4217})[\s\x{{a0}}])"
_AFTER = rf"(?:\p{{Sc}}[A-Z]{{1,3}}|{_SIGN}|[\s\x{{a0}}](?:{_ISO_4217}))"
_DRESS = rf"^([-+\x{{2212}}(]?){_SPACE}{_BEFORE}?{_SPACE}([-+\x{{2212}}]?)(.*?){_SPACE}(?:{_AFTER}|[%\x{{2030}}])?{_SPACE}(\)?)$"
_GAPS = r"['\x{2019} \x{a0}\x{2009}\x{202f}]"
_CODE = r"^[-+]?0(?:[0-9]+|[xX][0-9a-fA-F]+)$"


def _pattern(point: str, comma: str) -> str:
    """Numbers whose decimals come after `point` and whose thousands may be set apart by `comma`."""
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{comma}[0-9]{{2,3}})*{comma}[0-9]{{3}}|[0-9]{{1,3}}(?:{_GAPS}[0-9]{{3}})+)"
    return rf"^[-+]?(?:(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][-+]?[0-9]+)?|(?i:inf|infinity))$"


_POINT, _COMMA = _pattern(r"\.", ","), _pattern(",", r"\.")


@dataclass(frozen=True, kw_only=True)
class DecimalReading:
    """How many values are numbers where decimals are written one way, and some that are none."""

    numbers: int = 0
    strange: tuple[str, ...] = ()

    def __add__(self, other: DecimalReading) -> DecimalReading:
        """Both together."""
        return DecimalReading(numbers=self.numbers + other.numbers, strange=tuple(dict.fromkeys((*self.strange, *other.strange)))[:SHOWN])


@dataclass(frozen=True, kw_only=True)
class NumberSigns:
    """What says whether a text column holds numbers; adds up over batches.

    `known` values are neither NULL nor a word for missing; `zeros` and `plus` lead like codes do; `lengths` are the digits of whole
    numbers; `distinct` are up to `FEW` + 1 different texts.
    """

    known: int = 0
    point: DecimalReading = DecimalReading()
    comma_: DecimalReading = DecimalReading()
    zeros: int = 0
    plus: int = 0
    lengths: Mapping[int, int] = field(default_factory=dict)
    distinct: frozenset[str] = frozenset()

    def __add__(self, other: NumberSigns) -> NumberSigns:
        """The signs of both columns' values together."""
        return NumberSigns(
            known=self.known + other.known,
            point=self.point + other.point,
            comma_=self.comma_ + other.comma_,
            zeros=self.zeros + other.zeros,
            plus=self.plus + other.plus,
            lengths=Counter(self.lengths) + Counter(other.lengths),
            distinct=frozenset(sorted(self.distinct | other.distinct)[: FEW + 1]),
        )

    @property
    def comma(self) -> bool:
        """Whether decimals have a comma: more of the values are numbers that way (`1,5`; `1,234` alone is read as 1234)."""
        return self.comma_.numbers > self.point.numbers

    @property
    def ambiguous(self) -> bool:
        """Whether nothing tells a decimal comma from a decimal point."""
        return self.comma_.numbers == self.point.numbers

    def reading(self, *, comma: bool) -> DecimalReading:
        """What is a number and what is not, if decimals are written this way."""
        return self.comma_ if comma else self.point

    @property
    def share(self) -> float:
        """The share of the known values that are numbers, 0 of none."""
        return max(self.point.numbers, self.comma_.numbers) / self.known if self.known else 0.0

    @property
    def codes(self) -> bool:
        """Whether the digits are names, not amounts."""
        numbers = max(self.point.numbers, self.comma_.numbers, 1)
        alike = max((count for length, count in self.lengths.items() if length >= LONG), default=0)
        return self.padded or self.plus > CODES * numbers or alike >= SURELY * numbers

    @property
    def padded(self) -> bool:
        """Whether leading zeros (or the 0x of hexadecimal numbers) are more than a slip."""
        return self.zeros > CODES * self.known

    @property
    def mostly_numbers(self) -> bool:
        """Whether a column that is known to be one of numbers can be read as such: more than half of its values are."""
        return self.share > MOSTLY

    @property
    def are_numbers(self) -> bool:
        """Whether a column that nobody described is one of numbers: nearly all of it, or most of many different values, and no codes."""
        return not self.codes and (self.share >= SURELY or (self.mostly_numbers and len(self.distinct) > FEW))


def is_text(type_: Any) -> bool:
    """Whether a column of this type holds texts, dictionaries of them too."""
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def signs_of(values: pa.Array | pa.ChunkedArray) -> NumberSigns:
    """Return what a text column's values say of whether they are numbers; each different text is looked at once."""
    found = pc.value_counts(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    texts, counts = plain_texts(found.field("values")), found.field("counts")
    known = pc.and_(pc.is_valid(texts), pc.invert(say_missing(texts)))
    texts, counts = texts.filter(known), counts.filter(known)
    bare = _bare(texts)
    points, commas = (pc.match_substring_regex(bare, pattern) for pattern in (_POINT, _COMMA))
    either = pc.or_(points, commas)
    numbers = bare.filter(either)
    return NumberSigns(
        known=_sum(counts),
        point=_reading(texts, counts, points),
        comma_=_reading(texts, counts, commas),
        zeros=_sum(counts.filter(pc.match_substring_regex(bare, _CODE))),
        plus=_sum(counts.filter(pc.match_substring_regex(bare, rf"^\+([0-9]{_GAPS}?){{{LONG},}}$"))),
        lengths=_lengths(numbers, counts.filter(either)),
        distinct=frozenset(texts.filter(either).slice(0, FEW + 1).to_pylist()),
    )


def as_numbers(values: pa.Array | pa.ChunkedArray, *, comma: bool) -> pa.Array:
    """Return the column as float64: NULL for what is missing or no number. `comma`: decimals are written with one.

    >>> as_numbers(pa.array(["1.234,5", "€ 2", "12 %", "x", None]), comma=True).to_pylist()
    [1234.5, 2.0, 12.0, None, None]
    """
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_dictionary(values.type):
        return as_numbers(values.dictionary, comma=comma).take(values.indices)
    bare = _bare(plain_texts(values))
    numbers = pc.if_else(pc.match_substring_regex(bare, _COMMA if comma else _POINT), bare, pa.nulls(len(bare), pa.string()))
    numbers = pc.replace_substring_regex(numbers, pattern=rf"{_GAPS}|[{'.' if comma else ','}]", replacement="")
    if comma:
        numbers = pc.replace_substring(numbers, pattern=",", replacement=".")
    return pc.cast(numbers, pa.float64())


def plain_texts(values: pa.Array) -> pa.Array:
    """Return the texts of a column as `string`, out of their dictionary or view."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values if pa.types.is_string(values.type) else values.cast(pa.string())


def unread(values: pa.Array, numbers: pa.Array) -> pa.Array:
    """Return which values are there and are no numbers, given what `as_numbers` made of them."""
    texts = plain_texts(values)
    return pc.and_(pc.and_(pc.is_valid(texts), pc.is_null(numbers)), pc.invert(say_missing(texts)))


def say_missing(texts: pa.Array) -> pa.Array:
    """Return which texts are words for a missing value (`missing.py`)."""
    words = pa.StringArray.from_buffers(*_buffers(MISSING_WORDS))
    return pc.is_in(pc.utf8_trim_whitespace(texts), value_set=words)


def _buffers(words: tuple[str, ...]) -> tuple[int, Any, Any]:
    """Arrow's buffers of some texts: `pa.array` imports pandas."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word.encode()))
    offsets = b"".join(end.to_bytes(4, "little") for end in ends)
    return len(words), pa.py_buffer(offsets), pa.py_buffer("".join(words).encode())


def _bare(texts: pa.Array) -> pa.Array:
    """Numbers without currency, per cent sign and accountants' brackets; what has no digit, or nothing else, is left as it is: most of it, and quickly."""
    texts = pc.utf8_trim_whitespace(texts)
    dressed = pc.and_(pc.match_substring_regex(texts, "[0-9]"), pc.match_substring_regex(texts, r"[^0-9eE.,+-]"))
    bare = pc.replace_substring_regex(texts.filter(dressed), pattern=_DRESS, replacement=r"\1\2\3\4")
    bare = pc.replace_substring_regex(bare, pattern=r"^\(([^()]+)\)$", replacement=r"-\1")
    return pc.replace_with_mask(texts, dressed, pc.replace_substring(bare, pattern="\u2212", replacement="-"))


def _reading(texts: pa.Array, counts: pa.Array, numbers: pa.Array) -> DecimalReading:
    return DecimalReading(numbers=_sum(counts.filter(numbers)), strange=_beginnings(texts.filter(pc.invert(numbers))))


def _beginnings(texts: pa.Array) -> tuple[str, ...]:
    """The first few different beginnings of texts; those of the first few texts, unless these begin alike."""
    few = [text[:CUT] for text in texts.slice(0, SHOWN).to_pylist()]
    return tuple(few if len(set(few)) == len(few) else pc.unique(pc.utf8_slice_codeunits(texts, 0, CUT)).slice(0, SHOWN).to_pylist())


def _lengths(bare: pa.Array, counts: pa.Array) -> dict[int, int]:
    """How many whole numbers have how many digits."""
    whole = pc.match_substring_regex(bare, rf"^\+?[0-9]({_GAPS}?[0-9])*$")
    digits = pc.utf8_length(pc.replace_substring_regex(bare.filter(whole), pattern=r"[^0-9]", replacement=""))
    found: Counter[int] = Counter()
    for length, count in zip(digits.to_pylist(), counts.filter(whole).to_pylist(), strict=True):
        found[length] += count
    return dict(found)


def _sum(counts: pa.Array) -> int:
    return int(pc.sum(counts).as_py() or 0)
