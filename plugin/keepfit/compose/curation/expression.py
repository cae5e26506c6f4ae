"""A condition over a table's columns: of which rows is it true? Vectorised, and safe: it compares and reckons, nothing else (`grammar.py`).

**What a value is.** A column is read as what it stores, and what is written down is read as the column that it is compared with (`operands.py`): so
`carrier == "UA"`; `code == 7` and `code == "7"` of texts; `flag == true`, `flag == "True"` and `flag == 1` of booleans; `time < "2013-02-01"` of times
(ISO 8601 in the table's clock; of a column with a zone of its own, in UTC) mean what a person sees in the table. Numbers and booleans of a column of texts
are those that it spells out, any other text is missing then. A narrow float is the number that its shortest text says (.1 is .1); decimals and sums are
float64.

**What is missing** is NULL or NaN, or what was divided by 0. A comparison with it is neither true nor false, and neither is its `not`: three-valued logic, as
in SQL (`unknown or true` is true, `unknown and false` is false). The condition holds of rows where it is true; missing values are found by `is null`.

>>> rows = pa.table({"carrier": ["UA", "EV", None], "distance": [100, 2475, 700]})
>>> condition('not carrier == "UA" and distance / 2 > 300', where="curation.yaml: rules.far.where").holds(rows).tolist()
[False, True, False]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.curation.grammar import Absent, Computed, Constant, Junction, Named, Negated, Node, OneOf, Ordered, Plain, Spelt, names_in, parse
from keepfit.compose.curation.operands import PLURAL, WRITTEN_AS, Alike, Operand, operand
from keepfit.errors import ParamsError, UnknownNameError

Mask = npt.NDArray[np.bool_]
ORDER: Mapping[str, Callable[..., Any]] = {
    "==": pc.equal, "!=": pc.not_equal, "<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal,
}  # fmt: skip
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
SUMS: Mapping[str, Callable[..., Any]] = {"+": pc.add, "-": pc.subtract, "*": pc.multiply, "/": pc.divide}
TESTS: Mapping[str, Callable[..., Any]] = {"starts_with": pc.starts_with, "ends_with": pc.ends_with, "contains": pc.match_substring}
SHOWN = 40


@dataclass(frozen=True)
class Condition:
    """A condition that was read; `where` is its place in the file, for what is said of it."""

    text: str
    where: str
    node: Node

    @property
    def columns(self) -> frozenset[str]:
        """The columns that have to be there."""
        return names_in(self.node)

    def holds(self, table: pa.Table) -> Mask:
        """Return for each row of the table whether the condition is true.

        Raises `UnknownNameError` for a column that the table does not have, `ParamsError` for what cannot be compared.
        """
        for name in sorted(self.columns):
            if name not in table.column_names:
                raise UnknownNameError("column", name, known=table.column_names, where=self.where)
        found: Mask = np.asarray(pc.fill_null(_Truth(table, self.where).of(self.node), fill_value=False).to_numpy(), dtype=np.bool_)
        return found


def condition(text: str, *, where: str) -> Condition:
    """Return the condition that a text says; raises `ParamsError` for one that is none."""
    return Condition(text, where, parse(text, where=where))


@dataclass(frozen=True)
class _Truth:
    """One condition over one table."""

    table: pa.Table
    where: str
    _read: dict[str, Operand] = field(default_factory=dict)

    # -- conditions -----------------------------------------------------------------------------------------------------

    def of(self, node: Node) -> pa.ChunkedArray:
        """Of which rows a condition is true, of which false, and of which neither (NULL)."""
        match node:
            case Junction():
                join = pc.and_kleene if node.both else pc.or_kleene
                return join(self.of(node.left), self.of(node.right))
            case Negated():
                return pc.invert(self.of(node.of))
            case Ordered():
                return self._ordered(node)
            case OneOf():
                return self._one_of(node)
            case Absent():
                return pc.is_null(self._operand(node.of).values)
            case Spelt():
                return self._spelt(node)
            case Constant(value=bool(value)):
                return pa.chunked_array([pa.repeat(pa.scalar(value), self.table.num_rows)])
        found = self._operand(node)
        if found.sort == "nothing":
            return self._unknown()
        if found.sort != "boolean":
            raise self._error(f"{found.name} holds {PLURAL[found.sort]} and is no condition by itself", "compare it: COLUMN == VALUE")
        return found.values

    def _ordered(self, node: Ordered) -> pa.ChunkedArray:
        left, by, right = node.left, node.by, node.right
        if isinstance(left, Constant):
            left, by, right = right, TURNED[by], left
        found = self._operand(left)
        if isinstance(right, Constant):
            return self._unknown() if found.sort == "nothing" else ORDER[by](*self._alike(found, right.value))
        other = self._operand(right)
        if "nothing" in (found.sort, other.sort):
            return self._unknown()
        if found.sort != other.sort or found.sort == "other":
            what = f"{found.name} holds {PLURAL[found.sort]} and {other.name} {PLURAL[other.sort]}: they cannot be compared"
            raise self._error(what, "compare columns of one sort")
        if found.values.type == other.values.type:
            return ORDER[by](found.values, other.values)
        return ORDER[by](*((found.floats(), other.floats()) if found.sort == "number" else (found.texts(), other.texts())))

    def _one_of(self, node: OneOf) -> pa.ChunkedArray:
        """All constants that the column is read alike for are looked up at once: a column of texts is read as numbers for numbers."""
        found = self._operand(node.of)
        if found.sort == "nothing":
            return self._unknown()
        kinds: dict[Any, list[Alike]] = {}
        for value in node.values:
            alike = self._alike(found, value)
            kinds.setdefault(alike[0].type, []).append(alike)
        answers = [_among(alike) for alike in kinds.values()]
        answer = answers[0]
        for other in answers[1:]:
            answer = pc.or_kleene(answer, other)
        return answer

    def _spelt(self, node: Spelt) -> pa.ChunkedArray:
        found = self._operand(node.of)
        if found.sort == "nothing":
            return self._unknown()
        if found.sort != "text":
            raise self._error(f"{found.name} holds {PLURAL[found.sort]}, and {node.by} is of texts", "compare it: COLUMN == VALUE")
        return TESTS[node.by](found.values, pattern=node.text)

    def _unknown(self) -> pa.ChunkedArray:
        return pa.chunked_array([pa.nulls(self.table.num_rows, pa.bool_())])

    # -- values ---------------------------------------------------------------------------------------------------------

    def _operand(self, node: Node) -> Operand:
        match node:
            case Named(name=name):
                if name not in self._read:
                    self._read[name] = operand(name, self.table[name])
                return self._read[name]
            case Computed():
                return self._sum(node)
            case Constant(value=value):
                raise self._error(f"{_shown(value)} stands where a column is needed", "COLUMN == VALUE")
        raise self._error("a comparison stands where a column is needed", "and, or and not join comparisons; a column of booleans is one")

    def _sum(self, node: Computed) -> Operand:
        left, right = self._addend(node.left), self._addend(node.right)
        if isinstance(left, pa.Scalar) and isinstance(right, pa.Scalar):
            raise self._error("a sum of numbers alone", "write its result")
        if node.by == "/":
            right = pc.if_else(pc.equal(right, 0.0), pa.scalar(None, pa.float64()), right)
        found = SUMS[node.by](left, right)
        return Operand(name="the sum", sort="number", values=pc.if_else(pc.is_nan(found), pa.scalar(None, pa.float64()), found))

    def _addend(self, node: Node) -> pa.ChunkedArray | pa.Scalar:
        """A number, or numbers, as float64."""
        if isinstance(node, Constant):
            if isinstance(node.value, bool | str):
                raise self._error(f"{_shown(node.value)} is no number, and + - * / are of numbers", "compare it instead")
            return pa.scalar(float(node.value), pa.float64())
        found = self._operand(node)
        if found.sort == "nothing":
            return pc.cast(found.values, pa.float64())
        if found.sort != "number":
            raise self._error(f"{found.name} holds {PLURAL[found.sort]}, and + - * / are of numbers", "compare it instead")
        return found.floats()

    def _alike(self, found: Operand, value: Plain) -> Alike:
        alike = found.like(value)
        if alike is None:
            clock = " (in the table's clock, without a zone)" if found.sort == "time" and not found.zoned else ""
            what = f"{found.name} holds {PLURAL[found.sort]}{clock}, and {_shown(value)} is none"
            raise self._error(what, f"such as {WRITTEN_AS[found.sort]}")
        return alike

    def _error(self, what: str, fix: str) -> ParamsError:
        return ParamsError(what, where=self.where, fix=fix)


def _among(alike: list[Alike]) -> pa.ChunkedArray:
    """Which values are one of the constants."""
    values = alike[0][0]
    held = pa.array([constant.as_py() for _, constant in alike], values.type)
    return pc.if_else(pc.is_valid(values), pc.is_in(values, value_set=held), pa.scalar(None, pa.bool_()))


def _shown(value: Plain) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
