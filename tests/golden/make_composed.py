"""The golden project composed by a recipe and people's rules on single rows, trained on a feature of the time, and refitted."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from tests.golden.make_project import NATIVE, begin, compose_months, pin, train

from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.flows.stages.refit import RefitPaths, run_refit
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import DrawnWindow, RecipeDraw, WindowCounts, to_json

RECIPE = (
    NATIVE.replace("bound: 0.6", "bound: 0.1").replace("  holdout_share: 0.3\n", "  holdout_share: 0.3\n  time_features: [hour]\n")
    + """\
compose:
  use: mine
  recipes:
    mine:
      windows: {last: 12}
      parts: {new: {last: 1}, replay: {share: 0.25}}
      rows: {city=Rome: {at_most: 40}}
      weights: {recency: {half_life_windows: 6}}
      augment: {jitter: {share: 0.5, columns: [amount]}}
      quality: {duplicates: quarantine, near_duplicates: report, conflicts: report, contamination: report, tolerance: 0.3}
  judge: {quotas: {city=Oslo: 20, city=Rome: 5000}}
"""
)
DRAW = RecipeDraw(
    recipe="mine",
    asked="sha256:5f1c",
    source="lake/amounts",
    until=datetime(2026, 3, 1),
    windows=(DrawnWindow(window="2026-01", trainable=240, drawn=40), DrawnWindow(window="2026-02", trainable=240, drawn=60)),
)
ROWS = pa.table({"amount": [1.0, 2.5, 2.5, None, 40.0], "city": ["Oslo", "Rome", "Rome", None, "Nice"]})


def counts_of_a_window() -> WindowCounts:
    """What was counted of a window of five rows, of which three were drawn."""
    profile = profile_table(ROWS, learn_layout(ROWS, {"amount": "numeric", "city": "categorical"}), "2026-03")
    return WindowCounts(window="2026-03", rows=5, drawn=3, reference="sha256:77ab", scored_by="sha256:1e0c", profile=profile, steps=(profile,))


CURATION = """\
rules:
  heavy: {action: exclude, where: load > 2.5, author: tess, reason: the scale was broken, expires: null}
  turned: {action: relabel, rows: [p2-010], value: 1, author: tess, reason: seen on site, expires: 2030-01-01}
  unsure: {action: weight, where: amount is null, value: 0.5, author: tess, reason: no receipt, expires: null}
"""


def write_composed(root: Path, out: Path) -> None:
    """Run the stages as far as the refit, and keep what they say of the rows and the model."""
    begin(root, RECIPE)
    compose_months(root, closed=1, until=None)
    train(root, RECIPE, "champion")
    pin(root)
    (root / "curation.yaml").write_text(CURATION)
    compose_months(root, closed=3, until="2026-03-01T00:00:00")
    train(root, RECIPE, "candidate")
    paths = {"candidate": root / "models/candidate", "champion": root / "models/champion"}
    predictions = root / "build/predictions.parquet"
    run_evaluate(root, EvaluatePaths(rows=root / "build/compose/evaluate.parquet", reports=root / "reports", predictions=predictions, **paths))
    folders = {"ingest": Path("build/ingest"), "validate": Path("build/validate"), "reports": Path("reports"), "candidate": Path("models/candidate")}
    run_refit(root, RefitPaths(predictions=Path("build/predictions.parquet"), out=Path("models/refit"), **folders))
    shutil.copy(root / "params.yaml", out / "composed-params.yaml")
    shutil.copy(root / "curation.yaml", out / "composed-curation.yaml")
    shutil.copy(root / "build/compose/manifest.parquet", out / "composed-manifest.parquet")
    shutil.copy(root / "reports/composition.json", out / "composed.json")
    (out / "composed-draw.json").write_text(to_json(DRAW))
    (out / "window-counts.json").write_text(to_json(counts_of_a_window()))
    shutil.copy(root / "reports/refit.json", out / "refitted.json")
    shutil.copy(root / "models/refit/composition.json", out / "refitted-composition.json")
    shutil.copy(root / "models/refit/meta.json", out / "refitted-meta.json")
