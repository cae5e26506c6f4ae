from __future__ import annotations

import pytest

from keepfit.errors import ParamsError
from keepfit.integrations.sql.statement import one_select

WHERE = "params.yaml: data.live.sql"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM flights",
        "select 1 ; ",
        "WITH late AS (SELECT * FROM f) SELECT * FROM late",
        "SELECT 'a; DELETE' AS x, \"update\" FROM f -- ; DROP TABLE f",
        "SELECT /* INSERT; */ x FROM f WHERE y = 'it''s'",
        r"SELECT E'it\'s; fine' AS x, $tag$ ; DELETE $tag$ AS y FROM f",
        "SELECT t::date, x % 2, replace(y, ':a', '') FROM f",
        "(SELECT 1 AS x) UNION (SELECT 2)",
    ],
)
def test_a_single_query_passes_as_it_is_written(sql):
    assert one_select(sql, where=WHERE) == sql.strip().rstrip("; ")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("", "is empty"),
        ("-- SELECT 1", "is empty"),
        ("DELETE FROM flights", "begins with DELETE"),
        ("PRAGMA writable_schema = 1", "begins with PRAGMA"),
        ("ATTACH 'x.db' AS x", "begins with ATTACH"),
        ("SELECT 1; DROP TABLE flights", "more than one statement"),
        (r"SELECT E'\''; COMMIT; DROP TABLE flights --'", "more than one statement"),
        ("WITH gone AS (DELETE FROM f RETURNING *) SELECT * FROM gone", "says DELETE"),
        ("SELECT * INTO copy FROM f", "says INTO"),
        ("SELECT * FROM f FOR UPDATE", "says UPDATE"),
        ("SELECT 'open FROM f", "has a ' that is not closed"),
        ("SELECT 1 /* open", "has a /\\* that is not closed"),
    ],
)
def test_anything_else_is_refused_with_the_word_that_is_wrong(sql, says):
    with pytest.raises(ParamsError, match=says) as refused:
        one_select(sql, where=WHERE)
    assert refused.value.where == WHERE
