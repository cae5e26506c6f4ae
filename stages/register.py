"""register: what is shipped becomes a version in MLflow. Reads models/refit, reports and dvc.lock; writes reports/registered.json."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Register what stands in the current folder."""
    from keepfit.flows.stages.register import run_register

    run_register(
        Path.cwd(),
        candidate=Path("models/refit"),
        lock=Path("dvc.lock"),
        reports=Path("reports"),
        out=Path("reports/registered.json"),
    )


if __name__ == "__main__":
    run_stage(main)
