"""evaluate: candidate against champion on the same rows; writes build/evaluate, the scorecard and metrics; exits 0 either way."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Judge what train left."""
    from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate

    run_evaluate(
        Path.cwd(),
        EvaluatePaths(
            rows=Path("build/compose/evaluate.parquet"),
            candidate=Path("models/candidate"),
            champion=Path("models/champion"),
            predictions=Path("build/evaluate/predictions.parquet"),
            reports=Path("reports"),
        ),
    )


if __name__ == "__main__":
    run_stage(main)
