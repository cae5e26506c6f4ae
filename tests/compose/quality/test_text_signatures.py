from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.compose.quality.text_signatures import BYTES, resemblance, signatures

RNG = np.random.default_rng(0)
WORDS = [f"{one}{two}" for one in ("pay", "bill", "net", "ship", "log", "ref", "key", "tax") for two in ("ment", "ing", "work", "er", "und", "in", "out", "al")]


def text(n=80, rng=RNG):
    return " ".join(rng.choice(WORDS, n))


def shingles(one):
    data = one.lower().encode()
    return {data[at : at + 8] for at in range(len(data) - 7)}


def alike(one, other):
    both = signatures(pa.array([one, other]))
    return float(resemblance(both[:1], both[1:])[0])


def test_the_estimate_is_the_share_of_shingles_in_common_within_its_error():
    gaps = []
    for _ in range(60):
        one = text()
        other = " ".join([*one.split()[:60], *text(20).split()])
        a, b = shingles(one), shingles(other)
        gaps.append(alike(one, other) - len(a & b) / len(a | b))
    assert abs(np.mean(gaps)) < 0.03  # standard error of the mean of 60: .008
    assert np.std(gaps) < 0.09


def test_case_and_spaces_do_not_tell_texts_apart():
    assert alike("Where is my  refund?\n I paid TWICE", "where is my refund? i paid twice") == 1


def test_a_language_without_spaces_has_shingles():
    one = "私の請求書は二回請求されました。返金してください。早急な対応をお願いします。"
    assert alike(one, one + "ね") > 0.8
    assert alike(one, "ログインできません。パスワードを再設定したいのですが、メールが届きません。") < 0.2


def test_short_and_missing_texts_are_equal_only_to_themselves():
    assert alike("yes", "no") < 1
    assert alike("", None) == 1
    assert alike("yes", "yes ") == 1


def test_a_cell_of_megabytes_costs_what_its_first_page_does():
    long = "a" * BYTES + "b" * 5_000_000
    assert alike(long, "a" * BYTES) == 1
