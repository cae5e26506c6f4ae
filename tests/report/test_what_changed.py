from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from tests.report.test_review import CARD, NEW, OLD, REVIEW

from keepfit.report.what_changed import WhatChanged, data_said, expectations_said, metrics_said, params_said

ALL = WhatChanged(
    scorecard=CARD, composition=NEW, previous_composition=OLD, metrics={"roc_auc": 0.5}, previous_metrics={"roc_auc": 0.7}, params_diff="-a\n+b\n"
)


def test_a_review_says_of_what_changed_what_every_page_says():
    assert data_said(REVIEW) == data_said(ALL)
    assert metrics_said(REVIEW).splitlines()[2] == "| `roc_auc` | 0.7 | 0.5 |"


def test_what_is_not_known_is_not_said():
    bare = WhatChanged(scorecard=CARD)
    assert (data_said(bare), metrics_said(bare), expectations_said(bare), params_said(bare)) == ("", "", "", "Unchanged.")


@pytest.mark.parametrize("line", ["```", "~~~", "````x", "</details>", "<script>", "@somebody", "``` ````` `"])
def test_no_line_of_a_diff_ends_its_block_of_code(line):
    [block] = MarkdownIt("commonmark").parse(params_said(replace(ALL, params_diff=f"+a\n{line}\n+b\n")))
    assert (block.type, block.content) == ("fence", f"+a\n{line}\n+b\n")


def test_a_long_diff_says_how_much_of_it_is_left_off():
    said = params_said(replace(ALL, params_diff="+x\n" * 500), most=8)
    assert said.splitlines()[-2:] == ["… and 492 more lines", "```"]
