"""What the debt of a project's model was, window by window: the worked example of docs/when-to-retrain.md.

    python tests/bench/debt_by_month.py PROJECT

Folds the policy of params.yaml over the history, as `keepfit backtest --policies params` does, and prints what the rule of the debt took in and said.
"""

from __future__ import annotations

import sys
from pathlib import Path

from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.courses import Courses
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.project import Project
from keepfit.update.policies import policy_of


def main(root: str) -> None:
    """Print a line a window: what the champion learned from, its score, the decision, and what was owed."""
    project = Project(Path(root).resolve())
    params = project.params
    cache = BacktestCache(project.state / "backtest")
    matrix = Matrix(project, past_of(project, None, cache), cache, lambda line: print(line, file=sys.stderr))
    course = Courses(matrix).of(policy_of("params"))
    for number, (model, decision) in enumerate(zip(course.served, course.decisions, strict=True), start=1):
        window, until, score = matrix.past.windows[number].id, matrix.past.windows[model.until].id, matrix.score(model, number)
        said = "; ".join(decision.reasons)
        print(f"{window}: trained to {until}, {params.evaluate.metric} {'unknown' if score is None else f'{score:.4f}'}, {decision.action}: {said}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".")
