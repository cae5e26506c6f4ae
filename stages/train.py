"""train: the composed rows become models/candidate: estimator, what is known of it, its reference profiles."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Train on what compose left."""
    from keepfit.flows.stages.train import run_train

    run_train(
        Path.cwd(),
        table=Path("build/compose/train.parquet"),
        composition=Path("reports/composition.json"),
        out=Path("models/candidate"),
    )


if __name__ == "__main__":
    run_stage(main)
