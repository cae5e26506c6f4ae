"""validate: every table against its suite. Reads build/ingest and expectations/data; writes build/validate and reports/validation.*."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Validate what ingest left in the current folder."""
    from keepfit.flows.stages.validate import run_validate

    run_validate(Path.cwd(), ingest=Path("build/ingest"), out=Path("build/validate"), reports=Path("reports"))


if __name__ == "__main__":
    run_stage(main)
