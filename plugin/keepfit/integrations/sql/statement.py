"""Whether a text is one query that only reads: a SELECT, or a WITH that ends in one.

It keeps mistakes out. What keeps a query from writing is the database: its transaction is read-only (`snapshot.py`).

>>> one_select("SELECT t, 'a; b' AS x FROM flights;", where="params.yaml: data.live.sql")
"SELECT t, 'a; b' AS x FROM flights"
>>> one_select("DROP TABLE flights", where="params.yaml: data.live.sql")
Traceback (most recent call last):
keepfit.errors.ParamsError: the query begins with DROP (params.yaml: data.live.sql)
  fix: one SELECT, or WITH … SELECT: keepfit only reads
"""

from __future__ import annotations

import re

from keepfit.errors import ParamsError

TOKENS = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\*(?!!).*?\*/ )
    | (?P<quoted> [eE]'(?:\\.|''|[^'\\])*' | '(?:''|[^'])*' | "(?:""|[^"])*" | `[^`]*` | \[[^\]']*\] | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<word> [^\W\d]\w* )
    | (?P<open> ['"`] | /\* )
    | (?P<end> ; )
    """,
    re.VERBOSE | re.DOTALL,
)
WRITES = {"INSERT", "UPDATE", "DELETE", "MERGE", "INTO"}
FIX = "one SELECT, or WITH … SELECT: keepfit only reads"


def one_select(sql: str, *, where: str) -> str:
    """Return the query without a semicolon at its end; raises `ParamsError` for another statement, for several, and for a quote that stays open."""
    text, words = sql.strip().rstrip(";").rstrip(), []
    for token in TOKENS.finditer(text):
        if token["open"]:
            raise ParamsError(f"the query has a {token['open']} that is not closed", where=where, fix="close it; a quote in a text is written twice: 'it''s'")
        if token["end"]:
            raise ParamsError("the query is more than one statement", where=where, fix=FIX)
        if token["word"]:
            words.append(token["word"].upper())
    if not words:
        raise ParamsError("the query is empty", where=where, fix=FIX)
    if words[0] not in ("SELECT", "WITH"):
        raise ParamsError(f"the query begins with {words[0][:30]}", where=where, fix=FIX)
    writes = next((word for word in words if word in WRITES), None)
    if writes is not None:
        raise ParamsError(f"the query says {writes}", where=where, fix=f"{FIX}; a column of that name is written in quotes")
    return text
