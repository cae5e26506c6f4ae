"""The grammar of a condition over a table's columns: text in, a tree out. Nothing is called, looked up or computed here.

    condition   = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation    = "not" negation | test
    test        = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
                      | ["not"] "in" "[" constant { "," constant } "]" | ["not"] "between" sum "and" sum
                      | "is" ["not"] "null" | ["not"] ("starts_with" | "ends_with" | "contains") text ]
    sum         = product { ("+" | "-") product }
    product     = factor { ("*" | "/") factor }
    factor      = "-" factor | "(" condition ")" | constant | column
    constant    = number | text | "true" | "false"
    column      = a name of letters, digits and _, or any name between backquotes

A text stands between ' or ", which is written twice within it. The words of the grammar are read in any case. A condition has at most 2,000 characters,
40 levels, and 100 steps of `and`, `or`, `+ - * /`.

>>> parse('not carrier in ["UA", "EV"]', where="curation.yaml: rules.a.where")
Negated(of=OneOf(of=Named(name='carrier'), values=('UA', 'EV')))
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from keepfit.errors import ParamsError

Plain = bool | int | float | str

LONGEST, DEEPEST, MOST_STEPS, MOST_VALUES, LONGEST_NUMBER = 2_000, 40, 100, 1_000, 30
LARGEST, SHOWN = 2**63 - 1, 20
ORDERS = ("==", "!=", "<=", ">=", "<", ">")
TEXT_TESTS = ("starts_with", "ends_with", "contains")
WORDS = frozenset(("and", "or", "not", "in", "is", "null", "between", "true", "false", *TEXT_TESTS))
TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|`(?P<column>[^`]+)`"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<sign>==|!=|<=|>=|<>|&&|\|\||\*\*|[-+*/()\[\],<>=!&|^%~.;:{}@])"""
)
INSTEAD = {"=": "==", "<>": "!=", "&&": "and", "||": "or", "!": "not", "&": "and", "|": "or", "~": "not"}
NAMED = "a name with other signs stands between backquotes: `a.b`"
PAGE = "docs/composing.md, 'Curating rows', has the grammar"


# -- the tree -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """The values of a column."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A value that was written down."""

    value: Plain


@dataclass(frozen=True)
class Computed:
    """`left + right`, or by another of `+ - * /`."""

    by: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Ordered:
    """`left == right`, or by another comparison."""

    by: str
    left: Node
    right: Node


@dataclass(frozen=True)
class OneOf:
    """`of in [values]`."""

    of: Node
    values: tuple[Plain, ...]


@dataclass(frozen=True)
class Absent:
    """`of is null`."""

    of: Node


@dataclass(frozen=True)
class Spelt:
    """`of starts_with text`, or another test of texts."""

    by: str
    of: Node
    text: str


@dataclass(frozen=True)
class Negated:
    """`not of`."""

    of: Node


@dataclass(frozen=True)
class Junction:
    """`left and right` (both), or `left or right`."""

    both: bool
    left: Node
    right: Node


Node = Named | Constant | Computed | Ordered | OneOf | Absent | Spelt | Negated | Junction


def parse(text: str, *, where: str) -> Node:
    """Return the tree of a condition; raises `ParamsError` with one sentence for what the grammar does not hold."""
    if len(text) > LONGEST:
        raise ParamsError(f"the condition has {len(text):,} characters, at most {LONGEST:,} are read", where=where, fix="split it into several rules")
    return _Parser(_tokens(text, where), where).whole()


def names_in(node: Node) -> frozenset[str]:
    """Return the columns that a tree speaks of."""
    if isinstance(node, Named):
        return frozenset((node.name,))
    below = [value for value in vars(node).values() if isinstance(value, Node)]
    return frozenset().union(*map(names_in, below))


# -- words --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Token:
    """A word of the text: its kind (`column`, `word`, `number`, `text`, `sign`, `end`), what it says, and the character it begins at (from 1)."""

    kind: str
    text: str
    at: int


def _tokens(text: str, where: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            what = f"the text that begins at character {at + 1} never ends" if text[at] in "'\"`" else f"{text[at]!r} at character {at + 1} is not understood"
            raise ParamsError(what, where=where, fix=PAGE)
        kind = str(match.lastgroup)
        said = match[kind]
        if kind == "name":
            kind, said = ("word", said.lower()) if said.lower() in WORDS else ("column", said)
        if kind != "space":
            found.append(_Token(kind, said, at + 1))
        at = match.end()
    return [*found, _Token("end", "", len(text) + 1)]


# -- sentences ----------------------------------------------------------------------------------------------------------


class _Parser:
    """One pass over the words, a method for each line of the grammar."""

    def __init__(self, tokens: list[_Token], where: str) -> None:
        self._tokens, self._where = tokens, where
        self._at = self._depth = self._steps = 0

    def whole(self) -> Node:
        """The condition that all words make up."""
        found = self._condition()
        if self._next.kind != "end":
            self._unexpected("`and`, `or` or its end")
        return found

    def _condition(self) -> Node:
        found = self._conjunction()
        while self._take("or"):
            found = self._step(Junction(both=False, left=found, right=self._conjunction()))
        return found

    def _conjunction(self) -> Node:
        found = self._negation()
        while self._take("and"):
            found = self._step(Junction(both=True, left=found, right=self._negation()))
        return found

    def _negation(self) -> Node:
        return self._deeper(lambda: Negated(self._negation())) if self._take("not") else self._test()

    def _test(self) -> Node:
        left = self._sum()
        if self._next.kind == "sign" and self._next.text in ORDERS:
            return self._ordered(left)
        if self._take("is"):
            negated = self._take("not")
            self._need("null")
            return Negated(Absent(left)) if negated else Absent(left)
        negated = self._take("not")
        found = self._member_or_text(left)
        if found is None:
            if negated:
                self._unexpected("in, between, starts_with, ends_with or contains after `not`")
            return left
        return Negated(found) if negated else found

    def _ordered(self, left: Node) -> Node:
        by = self._pop().text
        found = Ordered(by, left, self._sum())
        if self._next.kind == "sign" and self._next.text in ORDERS:
            self._refuse("comparisons are not chained", "a < b and b < c, or b between a and c")
        return found

    def _member_or_text(self, left: Node) -> Node | None:
        if self._take("in"):
            return OneOf(left, self._values())
        if self._take("between"):
            low = self._sum()
            self._need("and")
            return Junction(both=True, left=Ordered(">=", left, low), right=Ordered("<=", left, self._sum()))
        by = self._next.text
        if self._next.kind == "word" and by in TEXT_TESTS:
            self._pop()
            if self._next.kind != "text":
                self._unexpected(f'a text after {by}, e.g. {by} "UA"')
            return Spelt(by, left, str(self._constant()))
        return None

    def _values(self) -> tuple[Plain, ...]:
        self._need("[")
        found = [self._constant()]
        while self._take(","):
            found.append(self._constant())
        self._need("]")
        if len(found) > MOST_VALUES:
            self._refuse(f"the list holds {len(found):,} values, at most {MOST_VALUES:,} are read", "several rules, or a rule by rows")
        return tuple(found)

    def _sum(self) -> Node:
        found = self._product()
        while by := self._take("+") or self._take("-"):
            found = self._step(Computed(by, found, self._product()))
        return found

    def _product(self) -> Node:
        found = self._factor()
        while by := self._take("*") or self._take("/"):
            found = self._step(Computed(by, found, self._factor()))
        return found

    def _factor(self) -> Node:
        if self._take("-"):
            if self._next.kind == "number":
                return Constant(self._constant(sign=-1))
            return self._deeper(lambda: Computed("-", Constant(0), self._factor()))
        if self._take("("):
            found = self._deeper(self._condition)
            self._need(")")
            return found
        return self._column() if self._next.kind == "column" else Constant(self._constant())

    def _column(self) -> Node:
        name = self._pop().text
        if self._next.text in ("(", "[", ".") and self._next.kind == "sign":
            self._refuse(f"{self._next.text!r} cannot follow a column, as at character {self._next.at}: nothing is called or looked up here", NAMED)
        return Named(name)

    def _constant(self, sign: int = 1) -> Plain:
        token = self._next
        if token.kind == "sign" and token.text == "-" and sign == 1:
            self._pop()
            return self._constant(sign=-1)
        if token.kind == "number":
            return self._number(self._pop().text) * sign
        if sign == 1 and token.kind == "text":
            mark = self._pop().text[0]
            return token.text[1:-1].replace(mark * 2, mark)
        if sign == 1 and token.text in ("true", "false") and token.kind == "word":
            return self._pop().text == "true"
        raise self._no_constant(token, "a column, a number, a text, true or false" if sign == 1 else "a number")

    def _no_constant(self, token: _Token, wanted: str) -> ParamsError:
        if token.text == "null" and token.kind == "word":
            self._refuse("nothing is equal to null", "write `COLUMN is null`, or `COLUMN is not null`")
        self._unexpected(wanted)

    def _number(self, text: str) -> int | float:
        if len(text) > LONGEST_NUMBER:
            self._refuse(f"a number of {len(text)} characters", f"at most {LONGEST_NUMBER}")
        value = int(text) if text.isdigit() else float(text)
        if (isinstance(value, int) and value > LARGEST) or not math.isfinite(value):
            self._refuse(f"{text} is too large a number", "whole numbers up to 2**63 - 1, others below 1e308; ids as text")
        return value

    # -- one word at a time ---------------------------------------------------------------------------------------------

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _pop(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, text: str) -> str:
        """The next word, if it is this one."""
        return self._pop().text if self._next.text == text and self._next.kind in ("word", "sign") else ""

    def _need(self, text: str) -> None:
        if not self._take(text):
            self._unexpected(text)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        """What is read one level further down; refused where that is too deep for anybody to follow."""
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"the condition is more than {DEEPEST} levels deep", "split it into several rules")
        found = read()
        self._depth -= 1
        return found

    def _step(self, node: Node) -> Node:
        """A tree that grows to the left, as long as it is no longer than what reads it can follow."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            self._refuse(f"the condition takes more than {MOST_STEPS} steps", "several rules, or COLUMN in [..]")
        return node

    def _refuse(self, what: str, fix: str) -> NoReturn:
        raise ParamsError(what, where=self._where, fix=fix)

    def _unexpected(self, wanted: str) -> NoReturn:
        token = self._next
        if token.kind == "end":
            self._refuse(f"the condition ends where it needs {wanted}", PAGE)
        meant = INSTEAD.get(token.text) if token.kind == "sign" else None
        shown = token.text if len(token.text) <= SHOWN else f"{token.text[:SHOWN]}…"
        self._refuse(f"{shown!r} stands at character {token.at}, where the condition needs {wanted}", f"write {meant}" if meant else PAGE)
