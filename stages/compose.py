"""compose: which rows train, judge and stay apart. Reads build/ingest, build/validate, the decisions and baseline.json; writes build/compose, reports."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Compose what ingest and validate left in the current folder."""
    from keepfit.flows.stages.compose import run_compose

    run_compose(Path.cwd(), ingest=Path("build/ingest"), validate=Path("build/validate"), out=Path("build/compose"), reports=Path("reports"))


if __name__ == "__main__":
    run_stage(main)
