"""The sampler `recent`: the newest windows, a share of older rows, a cap that keeps the share."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.recipe import sampler_of
from keepfit.compose.samplers.recent import Recent
from keepfit.compose.samplers.sampler import Pool
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params.recipe import ComposeParams

ORDER = ("2013-01", "2013-02", "2013-03")
ROWS = 100


def pool():
    window = np.repeat(np.array(ORDER, dtype=object), ROWS)
    n = len(window)
    return Pool(
        row_id=np.array([f"{number:03d}" for number in range(n)], dtype=object),
        window=window,
        time=np.datetime64("2013-01-01") + np.arange(n) * np.timedelta64(7, "h"),
        label=np.arange(n) % 2.0,
        weight=np.ones(n),
        features=pa.table({"x": np.arange(n)}),
        order=ORDER,
    )


def drawn(seed=0, **fields):
    said = Recent(**fields).draw(pool(), rng=np.random.default_rng(seed))
    return {part: np.unique(pool().window[said.part == part], return_counts=True)[1].sum() for part in ("train", "replay", "out")}


def test_all_windows_train_where_nothing_is_said():
    assert drawn() == {"train": 300, "replay": 0, "out": 0}


def test_the_newest_windows_train_and_older_rows_keep_their_share():
    assert drawn(recent_windows=1) == {"train": 100, "replay": 0, "out": 200}
    assert drawn(recent_windows=1, replay_share=0.5) == {"train": 100, "replay": 100, "out": 100}
    assert drawn(recent_windows=2, replay_share=0.9) == {"train": 200, "replay": 100, "out": 0}, "no more than there are"


def test_the_cap_keeps_the_share():
    assert drawn(recent_windows=1, replay_share=0.25, max_rows=80) == {"train": 60, "replay": 20, "out": 220}


def test_every_row_weighs_the_same():
    assert Recent().draw(pool(), rng=np.random.default_rng(0)).weight is None


def test_a_seed_is_a_draw():
    def rows(seed):
        return Recent(max_rows=50).draw(pool(), rng=np.random.default_rng(seed)).part.tolist()

    assert rows(1) == rows(1) != rows(2)


@pytest.mark.parametrize(("fields", "needed"), [({}, None), ({"recent_windows": 2}, 2), ({"recent_windows": 2, "replay_share": 0.1}, None)])
def test_older_windows_need_not_be_read_where_nothing_is_drawn_from_them(fields, needed):
    assert Recent(**fields).windows_needed == needed


def test_the_sampler_that_params_name_is_made_with_its_fields():
    assert sampler_of(ComposeParams()) == Recent()
    assert sampler_of(ComposeParams(recent_windows=3, max_rows=9)) == Recent(recent_windows=3, max_rows=9)
    with pytest.raises(UnknownNameError, match=r"no sampler 'recnt' \(params.yaml: compose.sampler\)"):
        sampler_of(ComposeParams(sampler="recnt", recent_windows=3))
    with pytest.raises(ParamsError, match=r"no key 'recent' \(params.yaml: compose.recent\)"):
        sampler_of(ComposeParams(recent=3))
