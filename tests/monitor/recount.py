"""Slices counted by what their text says, on plain values: nothing of the search, its codes or its layouts is used."""

from __future__ import annotations

import re

import numpy as np

BIN = re.compile(r"^(?P<name>.+?) in (?P<open>[\[(])(?P<low>[^,]+), (?P<high>[^\]]+)\]$")
BOUND = re.compile(r"^(?P<name>[^<>=]+)(?P<sign><=|<|>)(?P<value>[^=].*)$")


def inside(table, slice_text, *, reference):
    """The rows of a table (column name -> list) that all literals of `a=b & x in (1, 2]` hold for; `is other` is what `reference` shows rarely or never."""
    return np.all([_literal(table, one, reference) for one in slice_text.split(" & ")], axis=0)


def _literal(table, literal, reference):
    if found := BIN.match(literal):
        values, (low, high) = _numbers(table[found["name"]]), (float(found["low"]), float(found["high"]))
        return ((values >= low) if found["open"] == "[" else (values > low)) & (values <= high)
    if literal.endswith(" is missing"):
        return np.array([value is None or value != value for value in table[literal.removesuffix(" is missing")]])
    if found := BOUND.match(literal):
        values, value = _numbers(table[found["name"]]), float(found["value"])
        return {"<=": values <= value, "<": values < value, ">": values > value}[found["sign"]]
    name, _, text = literal.partition("=")
    values = table[name]
    if all(value is None or isinstance(value, int | float) for value in values):
        return _numbers(values) == float(text)
    return np.array([value == text for value in values])


def _numbers(values):
    return np.array([np.nan if value is None else value for value in values], float)
