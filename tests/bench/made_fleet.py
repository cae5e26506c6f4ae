"""Many small projects for the bench of the fleet: generated tables, a scikit-learn champion each, suites on every column, one ledger, no server."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

NUMBERS, CATEGORIES = 24, 6
DAYS, ROWS_A_DAY, ROWS = 18, 100, 1_000
TRAINED, CLOSED = datetime(2026, 1, 19), datetime(2026, 1, 26)
PARAMS = """
model: {{name: {name}, task: classification, target: y}}
data:
  live: live.parquet
  time: t
  id: id
  window: week
  features: {{{features}}}
compose: {{recent_windows: 1}}
train: {{estimator: sklearn.linear_model.LogisticRegression, params: {{max_iter: 200}}}}
evaluate: {{metric: roc_auc, min_rows: 50}}
monitor: {{min_rows: 100, page_on_drift: true}}
update: {{scout: never}}
mlflow: {{tracking_uri: "{server}"}}
ledger: {{uri: "{ledger}"}}
"""


def make_fleet(home: Path, models: int, *, broken: int = 0, server: str = "http://127.0.0.1:9") -> list[Path]:
    """Make that many projects under `home` on one ledger; in `broken` of them the first number has moved since the training."""
    home.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(partial(make_project, home, server=server, broken=broken), range(models)))
    (home / "fleet.yaml").write_text("projects: [model-*]\n")
    return made


def make_project(home: Path, number: int, *, server: str, broken: int) -> Path:
    """Make one project: a model trained on eighteen days, and one closed week after them with labels."""
    import numpy as np
    import pandas as pd

    from keepfit.flows.models.training import train_once
    from keepfit.flows.project import Project
    from keepfit.records import Baseline, Pin, to_json

    rng, root, name = np.random.default_rng(number), home / f"model-{number:04}", f"model-{number:04}"
    weights = rng.normal(size=NUMBERS) / 2

    def rows(n: int, start: datetime, days: int, *, moved: float = 0.0) -> pd.DataFrame:
        numbers = {f"x{i}": rng.normal(size=n).round(4) for i in range(NUMBERS)}
        chance = 1 / (1 + np.exp(-sum(weight * values for weight, values in zip(weights, numbers.values(), strict=True))))
        numbers["x0"] = numbers["x0"] + moved
        words = {f"c{i}": rng.choice(list("abcde"), size=n) for i in range(CATEGORIES)}
        times = pd.Timestamp(start) + pd.to_timedelta(np.sort(rng.uniform(0, days * 86400 - 60, n)).round(), unit="s")
        ids = [f"{start:%m%d}-{row}" for row in range(n)]
        return pd.DataFrame({"id": ids, "t": times.astype("datetime64[us]"), **numbers, **words, "y": (rng.random(n) < chance).astype("int64")})

    features = ", ".join([*(f"x{i}: numeric" for i in range(NUMBERS)), *(f"c{i}: categorical" for i in range(CATEGORIES))])
    (root / "expectations" / "data").mkdir(parents=True)
    (root / "models").mkdir()
    (root / "params.yaml").write_text(PARAMS.format(name=name, features=features, server=server, ledger=f"sqlite:///{home}/ledger.db"))
    (root / "expectations" / "windows.yaml").write_text("{}\n")
    (root / "expectations" / "data" / "rows.json").write_text(json.dumps(suite(), indent=1))
    before = rows(DAYS * ROWS_A_DAY, datetime(2026, 1, 1), DAYS)
    train_once(Project(root).params, before, root / "models" / "champion")
    pd.concat([before, rows(ROWS, TRAINED, 5, moved=3.0 if number < broken else 0.0)]).to_parquet(root / "live.parquet", index=False)
    digest = f"sha256:{number:064x}"
    pin = Pin(model=name, version="1", digest=digest, trained_until=TRAINED, evaluated_until=TRAINED, metric="roc_auc", value=0.7)
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    return root


def suite() -> dict[str, object]:
    """Two expectations a number and two a category."""

    def one(name: str, kind: str, level: str, **kwargs: object) -> dict[str, object]:
        return {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": name, "level": level}}

    found = []
    for i in range(NUMBERS):
        found.append(one(f"x{i}_in_range", "expect_column_values_to_be_between", "row", column=f"x{i}", min_value=-50, max_value=50))
        found.append(one(f"x{i}_is_there", "expect_column_values_to_not_be_null", "batch", column=f"x{i}", mostly=0.9))
    for i in range(CATEGORIES):
        found.append(one(f"c{i}_is_known", "expect_column_values_to_be_in_set", "row", column=f"c{i}", value_set=list("abcde")))
        found.append(one(f"c{i}_is_there", "expect_column_values_to_not_be_null", "batch", column=f"c{i}", mostly=0.9))
    return {"name": "rows", "expectations": found}
