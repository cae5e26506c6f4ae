from __future__ import annotations

from dataclasses import replace

from tests.report.test_verdict import MISSING, PROMOTED, REFUSED, asking

from keepfit.report.verdict_page import verdict_page


def test_every_reason_is_there_however_many():
    page = verdict_page(replace(REFUSED, reasons=(MISSING,) * 99), asking())
    assert page.count("KF-G050") == 99
    assert "Not met: 99" in page


def test_the_page_says_what_happened_and_who_asked():
    page = verdict_page(PROMOTED, asking(detail={"approvers": "paul"}))
    assert '<p class="verdict calm">v2 was made alias champion' in page
    assert "Approved by paul." in page
    assert "Not met" not in page


def test_names_are_escaped():
    page = verdict_page(replace(REFUSED, model="<script>", reasons=(replace(MISSING, text="<script>"),)), asking("<script>"))
    assert "<script>" not in page


def test_the_page_that_is_not_written_again_says_where_the_later_word_is():
    assert "whether another version took its place since is on the version&#39;s page" in verdict_page(PROMOTED, asking())
