from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.report.test_review import CARD, NEW, OLD
from tests.report.test_unlinked import CALLS

from keepfit.records import ExpectationOutcome, Pin
from keepfit.records.data_diff import DataDiff
from keepfit.report.comment import MOST, Subject, comment_text, marker
from keepfit.report.what_changed import WhatChanged

CHAMPION = Pin(model="flights", version="1", digest="sha256:0", trained_until=None, evaluated_until=None)
[ROW] = CARD.rows
ALL = WhatChanged(
    scorecard=CARD, composition=NEW, previous_composition=OLD, metrics={"roc_auc": 0.5}, previous_metrics={"roc_auc": 0.7}, params_diff="-a\n+b\n"
)
GITHUB_TAKES = 65_536
OWN = re.compile(r"<details><summary>[^<>]*</summary>|</details>|<!-- keepfit-comment: [\w%.~]+ -->")


def tokens_of(text):
    flat = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        flat += [token, *(token.children or ())]
    return flat


def wild(text):
    """A scorecard, a composition and diffs in which every free text is this one."""
    rows = tuple(
        replace(ROW, slice=f"{text}={number}", metric=text or "m", rule=text or "r", detail=text, challenger=None, status="error") for number in range(4)
    )
    outcome = ExpectationOutcome(
        suite=text, expectation=text, type=text, column=text, severity="critical", level="batch", status="fail", observed=text, unexpected=1, detail=text
    )  # fmt: skip
    card = replace(CARD, model=text or "m", rows=rows, expectations=(outcome,), champion=replace(CHAMPION, version=text))
    parts = tuple(replace(part, window=text, part=text) for part in NEW.parts)
    return replace(ALL, scorecard=card, composition=replace(NEW, parts=parts, recipe=text), params_diff=f"+{text}\n-{text}", metrics={"m": 1.0})


def test_the_verdict_and_the_rows_that_decide_stand_before_what_is_folded():
    text = comment_text(ALL, Subject(version="2", page="http://h/v", commit="c" * 40))
    lines = text.splitlines()
    assert lines[0] == marker("flights")
    assert lines[1] == "### keepfit: failed on overall roc_auc (at_least: fail)"
    assert (
        lines[3]
        == "[version 2 of flights](http://h/v), commit cccccccccccc, on 700 later rows, against no champion: a first model, judged by absolute bounds only."
    )
    assert "| overall | roc_auc | at_least |" in text.partition("<details>")[0]
    assert text.count("<details>") == text.count("</details>") == 4
    assert "<details><summary>Params and decision: 2 lines of diff</summary>\n\n```diff\n-a\n+b\n```\n\n</details>" in text
    assert comment_text(ALL, Subject(version="2", page="http://h/v", commit="c" * 40)) == text


def test_no_more_than_five_rows_stand_in_the_open():
    card = replace(CARD, rows=tuple(replace(ROW, slice=f"carrier={number}") for number in range(40)))
    head, _, rest = comment_text(replace(ALL, scorecard=card)).partition("<details>")
    assert head.count("| carrier=") == 5
    assert "… and 35 more rows" in head
    assert rest.count("| carrier=") == 40


def test_an_evaluation_outside_of_a_project_has_a_comment_too():
    text = comment_text(WhatChanged(scorecard=CARD))
    assert "Params and decision: unchanged" in text
    assert "<summary>Data" not in text


@given(st.text(max_size=60))
@settings(max_examples=30)
def test_no_text_in_it_is_a_link_html_or_a_call_and_the_tables_keep_their_shape(text):
    made = comment_text(wild(text))
    flat = tokens_of(made)
    assert not {token.type for token in flat} & {"link_open", "image", "html_inline", "em_open", "strong_open", "code_inline"} - {"code_inline"}
    assert all(OWN.sub("", token.content).strip() == "" for token in flat if token.type == "html_block")
    outside = "\n".join(token.content for token in flat if token.type == "text")
    assert CALLS.search(outside) is None
    assert made.count("<details>") == made.count("</details>")
    assert made.splitlines()[0] == marker(text or "m")


@pytest.mark.parametrize(
    "text", ["@org/team #12 !3", "<img src=x>", "</details>", "[a](javascript:x)", "a|b\n|---|", "```\n", "--> <script>", "`@x`", "\\", "&lt;"]
)
def test_hostile_names_are_shown_as_they_are(text):
    made = comment_text(wild(text))
    assert made.count("</details>") == made.count("<details>") + made.count("+</details>") + made.count("-</details>")
    assert CALLS.search("\n".join(token.content for token in tokens_of(made) if token.type == "text")) is None
    assert sum(token.type == "html_block" for token in tokens_of(made)) == 1 + 2 * made.count("<details>")


@pytest.mark.parametrize("fill", ["@", "<", "語", "\\"])
def test_it_is_shorter_than_github_takes_however_much_there_is_and_says_what_is_left_off(fill):
    long = fill * 2000
    rows = tuple(replace(ROW, slice=f"carrier={long}{number}", detail=f"{long} word", challenger=None) for number in range(1000))
    many = replace(wild(long), scorecard=replace(CARD, rows=rows), params_diff=f"+{long}\n" * 1000, metrics={f"m{number}": 0.5 for number in range(1500)})
    parts = tuple(replace(NEW.parts[1], window=f"{long}{number}") for number in range(1500))
    changed = DataDiff(what="rows", before="a", now="b", key=("id",), rows_before=1, rows_now=2, added=1, removed=1, changed=1, moved=1)
    text = comment_text(replace(many, composition=replace(NEW, parts=parts), rows=changed))
    assert len(text) <= len(text.encode("utf-8")) <= MOST < GITHUB_TAKES
    assert text.count("<details>") == text.count("</details>")
    assert re.search(r"… and [\d,]+ more (rows|lines)|Left off", text)


def test_a_section_without_room_is_named():
    rows = tuple(replace(ROW, slice="@" * 160, detail="@" * 600, challenger=None) for _ in range(50))
    outcome = ExpectationOutcome(
        suite="s", expectation="e", type="t", column=None, severity="critical", level="batch", status="fail", observed="@" * 600, unexpected=1
    )
    parts = tuple(replace(NEW.parts[1], window="@" * 160, rows=number) for number in range(50))
    card = replace(CARD, rows=rows, expectations=(outcome,) * 30)
    text = comment_text(replace(ALL, scorecard=card, composition=replace(NEW, parts=parts), params_diff=f"{'@' * 290}\n" * 300))
    assert len(text.encode()) <= MOST
    if "Left off" in text:
        assert "They are in `reports/` of the branch." in text


@pytest.mark.parametrize("model", ["flights", "a--b", "-->", "<b>", "m m", "x" * 300, "語"])
def test_the_hidden_line_is_one_comment_whatever_the_model_is_called(model):
    assert "--" not in marker(model)[4:-3]
    assert [token.type for token in MarkdownIt("commonmark").parse(marker(model))] == ["html_block"]
    assert marker(model) != marker(f"{model}x")
