"""What was computed is not computed again, whatever became of the process that did it."""

import os

import pytest

from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.records import Evidence


def fail(*_):
    raise AssertionError("computed again")


def test_numbers_are_made_once_also_those_that_could_not_be_measured(tmp_path):
    for key, numbers in (("a", (0.1, 1e-17, 3.0)), ("b", None)):
        assert BacktestCache(tmp_path / "c").values(key, lambda numbers=numbers: numbers) == numbers
        assert BacktestCache(tmp_path / "c").values(key, fail) == numbers


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_line_that_a_killed_run_left_torn_costs_that_number_only(tmp_path, cut):
    first = BacktestCache(tmp_path)
    first.values("a", lambda: (1.0,))
    first.values("b", lambda: (2.0,))
    file = tmp_path / "numbers.jsonl"
    file.write_bytes(file.read_bytes()[:-cut])
    again = BacktestCache(tmp_path)
    assert again.values("a", fail) == (1.0,)
    assert again.values("b", lambda: (2.0,)) == (2.0,)
    assert again.values("c", lambda: (3.0,)) == (3.0,)
    last = BacktestCache(tmp_path)
    assert [last.values(key, fail) for key in "abc"] == [(1.0,), (2.0,), (3.0,)]


def test_a_model_appears_whole_or_not_at_all(tmp_path):
    def killed(out):
        out.mkdir()
        (out / "half").touch()
        raise KeyboardInterrupt

    def made(out):
        out.mkdir()
        (out / "whole").touch()

    cache = BacktestCache(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        cache.model("k", killed)
    folder = cache.model("k", made)
    assert [file.name for file in folder.iterdir()] == ["whole"]
    assert cache.model("k", fail) == folder
    assert [entry.name for entry in (tmp_path / "models").iterdir()] == ["k"]


def test_past_its_bound_the_models_go_that_nobody_asked_for_longest(tmp_path):
    cache = BacktestCache(tmp_path)
    for age, key in enumerate(("old", "older", "oldest")):
        place = cache.model(key, lambda folder: (folder.mkdir(), (folder / "m").write_bytes(b"x" * 100)))
        os.utime(place, (1e9 - age, 1e9 - age))
    cache.model("oldest", lambda _: None)
    cache.prune(models=250)
    assert sorted(place.name for place in (tmp_path / "models").iterdir()) == ["old", "oldest"]
    cache.prune(models=250)
    assert len(list((tmp_path / "models").iterdir())) == 2


def test_past_their_bound_the_oldest_numbers_are_made_again(tmp_path):
    cache = BacktestCache(tmp_path)
    for key in range(20):
        cache.values(f"key {key}", lambda: (0.5,))
    cache.prune(numbers=100)
    assert (tmp_path / "numbers.jsonl").stat().st_size <= 100
    again = BacktestCache(tmp_path)
    assert again.values("key 19", lambda: (0.1,)) == (0.5,)
    assert again.values("key 0", lambda: (0.1,)) == (0.1,)


def test_an_empty_cache_can_be_pruned_and_cleared(tmp_path):
    cache = BacktestCache(tmp_path / "none")
    cache.prune()
    cache.clear()
    assert not (tmp_path / "none").exists()


def test_a_record_is_made_once(tmp_path):
    evidence = Evidence(kind="data", subject="x", detector="ks", statistic=0.1, effect=0.1, n=10, n_reference=10)
    assert BacktestCache(tmp_path).record(Evidence, "k", lambda: evidence) == evidence
    assert BacktestCache(tmp_path).record(Evidence, "k", fail) == evidence


@pytest.mark.parametrize("spoilt", [b"{}", b'{"kind": "da', b""], ids=["another version", "torn", "empty"])
def test_a_record_that_cannot_be_read_is_made_anew(tmp_path, spoilt):
    evidence = Evidence(kind="data", subject="x", detector="ks", statistic=0.1, effect=0.1, n=10, n_reference=10)
    BacktestCache(tmp_path).record(Evidence, "k", lambda: evidence)
    (tmp_path / "models" / "k" / "record.json").write_bytes(spoilt)
    assert BacktestCache(tmp_path).record(Evidence, "k", lambda: evidence) == evidence
