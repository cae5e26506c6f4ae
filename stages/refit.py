"""refit: the judged recipe fitted once more with the rows that judged it; writes models/refit, which is what is registered, and reports/refit.json."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Fit once more what evaluate has judged."""
    from keepfit.flows.stages.refit import RefitPaths, run_refit

    run_refit(
        Path.cwd(),
        RefitPaths(
            ingest=Path("build/ingest"),
            validate=Path("build/validate"),
            candidate=Path("models/candidate"),
            predictions=Path("build/evaluate/predictions.parquet"),
            reports=Path("reports"),
            out=Path("models/refit"),
        ),
    )


if __name__ == "__main__":
    run_stage(main)
