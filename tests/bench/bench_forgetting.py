"""What recipes forget, window by window, on the flights of 2013 and other real streams; and how often equal models are called forgetful.

Each window judges, and the permanent holdouts of those before it are the past. The champion is the model of all history, trained a window before;
candidates are of all history (`all`), of the newest window alone (`last`), and of that with a fifth of replay (`replay`). Printed are the past windows that
each is refused on, by a rule that allows no loss and by one that allows the preset's, the backward transfer, and the gain on the window that judges.

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_forgetting.py [STREAM …]

The simulation: pairs of models of one quality on twelve past windows whose days differ, thirty days each. KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
RECIPES = {"all": (None, 0.0), "last": (1, 0.0), "replay": (1, 0.2)}
END = {"flights 2023": "2024-01-01", "traffic": "2014-08-01", "bike": "2012-01-01", "electricity": "1997-06-01"}
"""Until when a stream is read: two to three years of months are enough to see what comes back."""
FIRST = 3
"""The first window that judges is the third: one to learn, one to be champion by, one to judge on."""


def equal_models(*, pairs: int, windows: int = 12, days: int = 30, rows: int = 20, bounds: tuple[float, ...] = (0.0, 0.01)) -> dict[float, float]:
    """Return the share of pairs of equally good models that are refused, by the bound; what each says has noise of the day and of the row."""
    from keepfit.evaluate.compare import ScoredRows, compare
    from keepfit.evaluate.rules import judge_beside
    from keepfit.params import RuleParams
    from keepfit.stats.clusters import RowClusters
    from keepfit.stats.metrics import RocAuc

    rng, refused = np.random.default_rng(0), dict.fromkeys(bounds, 0)
    day = np.repeat(np.arange(days), rows)
    for _ in range(pairs):
        found = []
        for number in range(windows):
            y = (rng.random(len(day)) < 0.3).astype(float)
            champion, challenger = (y + rng.normal(size=len(y)) + rng.normal(size=days)[day] * (2 * y - 1) * 0.5 for _ in range(2))
            judged = ScoredRows(y=y, champion=champion, challenger=challenger).in_clusters(RowClusters(codes=day, count=days, unit="day"))
            found.append(compare(RocAuc(), judged, name=f"window={number}", confidence=0.95, min_rows=100))
        for bound in bounds:
            rule = RuleParams(kind="not_forgotten", metric="roc_auc", slice="*", bound=bound)
            refused[bound] += any(row.status == "fail" for row in judge_beside({"r": rule}, found, basis="past", first=False, confidence=0.95))
    return {bound: count / pairs for bound, count in refused.items()}


def stages(root: Path) -> list[str]:
    """Ingest and validate all windows of a project; return their ids, the oldest first, without those that a batch-level expectation blocks."""
    from keepfit.flows.stages.ingest import run_ingest
    from keepfit.flows.stages.validate import run_validate
    from keepfit.records import Validation, from_json
    from keepfit.tables.windows import parse_window_id

    run_ingest(root, windows=Path("data/windows"), out=Path("build/ingest"))
    run_validate(root, ingest=Path("build/ingest"), out=Path("build/validate"), reports=Path("reports"))
    said = from_json(Validation, (root / "reports/validation.json").read_bytes())
    blocked = {one.window: {"verdict": "accept", "reason": "the bench takes all"} for one in said.windows if one.blocked}
    (root / "expectations" / "windows.yaml").write_text(json.dumps(blocked))
    found = sorted((path.stem for path in (root / "build/ingest/windows").glob("*.parquet")), key=lambda name: parse_window_id(name).order)
    return [name for name in found if name not in blocked]


def candidate(root: Path, windows: list[str], recipe: str) -> Path:
    """Train a recipe on all of the windows but the last, which judges; return the folder that stands for what ingest left."""
    from keepfit.flows.stages.compose import run_compose
    from keepfit.flows.stages.train import run_train
    from keepfit.integrations.yaml_files import put
    from keepfit.tables.windows import parse_window_id

    until = Path("build/until")
    shutil.rmtree(root / until, ignore_errors=True)
    (root / until / "windows").mkdir(parents=True)
    for name in windows:
        os.link(root / f"build/ingest/windows/{name}.parquet", root / until / f"windows/{name}.parquet")
    recent, replay = RECIPES[recipe]
    text = (root / "params.yaml").read_text(encoding="utf-8")
    (root / "params.yaml").write_text(put(put(text, "compose.recent_windows", recent), "compose.replay_share", replay), encoding="utf-8")
    target = parse_window_id(windows[-1]).start
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": f"{target:%Y-%m-%dT%H:%M:%S}"}))
    run_compose(root, ingest=until, validate=Path("build/validate"), out=Path("build/compose"), reports=Path("reports"))
    run_train(root, table=Path("build/compose/train.parquet"), composition=Path("reports/composition.json"), out=Path("models/candidate"))
    return until


def judged(root: Path, windows: list[str]) -> Iterator[str]:
    """Judge each recipe's candidate on the last of the windows against the model of all history that is a window older; yield a line for each."""
    from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
    from keepfit.records import Baseline, Pin, Scorecard, from_json, to_json
    from keepfit.tables.windows import parse_window_id

    (root / "baseline.json").write_text(to_json(Baseline()))
    candidate(root, windows[:-1], "all")
    shutil.rmtree(root / "models/champion")
    shutil.move(root / "models/candidate", root / "models/champion")
    until = parse_window_id(windows[-2]).start
    (root / "baseline.json").write_text(to_json(Baseline(champion=Pin(model="m", version="1", digest="sha256:b", trained_until=until, evaluated_until=until))))
    for recipe in RECIPES:
        candidate(root, windows, recipe)
        names = {"candidate": "models/candidate", "champion": "models/champion", "predictions": "build/evaluate/predictions.parquet", "reports": "reports"}
        run_evaluate(root, EvaluatePaths(rows=root / "build/compose/evaluate.parquet", **{name: root / path for name, path in names.items()}))
        card = from_json(Scorecard, (root / "reports/scorecard.json").read_bytes())
        lost: dict[float, list[str]] = {bound: [] for bound in sorted({row.bound for row in card.rows_of("past")})}
        for row in card.rows_of("past"):
            if row.status == "fail":
                lost[row.bound].append(f"{row.slice.partition('=')[2]} {row.difference:+.4f}")
        gain = next(row for row in card.judged_rows if row.slice == "overall" and row.difference is not None)
        page = (root / "reports/SCORECARD.md").read_text(encoding="utf-8")
        transfer = page.partition("Backward transfer from the champion's ")[2].partition(", the mean gain")[0]
        told = "; ".join(f"beyond {bound:g}: {', '.join(names) or 'none'}" for bound, names in lost.items())
        yield f"{windows[-1]}  {recipe:7} gain {gain.difference:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})  transfer {transfer}  forgotten {told}"


def stream(name: str, init: tuple[str, ...], env: dict[str, str], work: Path, *, most: int | None) -> None:
    """Print what is forgotten of one stream."""
    from keepfit.flows.project import Project
    from keepfit.integrations.yaml_files import put

    root = work / f"project-{name.replace(' ', '-')}"
    os.environ.update(env)
    subprocess.run([sys.executable, "-m", "keepfit", "init", str(root), *init], check=True, capture_output=True)
    os.chdir(root)
    params = Project(root).params
    loss = params.evaluate.preset.max_loss if params.evaluate.preset else 0.0
    metric = params.evaluate.metric
    rules = f"""  rules:
    any_loss: {{kind: not_forgotten, metric: {metric}, slice: 'window=*', bound: 0}}
    remembers: {{kind: not_forgotten, metric: {metric}, slice: 'window=*', bound: {loss}}}
    floor:"""
    text = (root / "params.yaml").read_text(encoding="utf-8").replace("  rules:\n    floor:", rules)
    (root / "params.yaml").write_text(put(text, "evaluate.slices", {}) if TINY else text, encoding="utf-8")
    windows = stages(root)[:most]
    print(f"{name}: {metric}, allowed loss {loss:g}, {len(windows)} windows", flush=True)
    for at in range(FIRST, len(windows) + 1):
        for line in judged(root, windows[:at]):
            print(f"  {line}", flush=True)


def main() -> None:
    """Print the streams that are named (all that are at hand), and the simulation."""
    from tests.bench.stream_tables import small, streams

    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    begun = time.process_time()
    for bound, share in equal_models(pairs=3 if TINY else 1000).items():
        print(f"equal models, 12 past windows of 30 days, no more loss than {bound:g} allowed: {share:.3f} refused, promised at most .05")
    print(f"  {time.process_time() - begun:.0f} CPU s")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for one in [small(work)] if TINY else streams(work):
            if isinstance(one, str):
                print(one)
            elif len(sys.argv) == 1 or one.name in sys.argv[1:]:
                until = () if TINY else ("--as-of", END.get(one.name, "2014-01-01"))
                stream(one.name, (*one.init, *until), one.env, work, most=4 if TINY else None)


if __name__ == "__main__":
    main()
