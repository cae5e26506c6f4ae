"""ingest: closed windows and side tables as clean Parquet. Reads data/windows (and the template's flights); writes build/ingest."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.stages.stage import run_stage


def main() -> None:
    """Ingest what stands in the current folder."""
    from keepfit.flows.stages.ingest import run_ingest

    run_ingest(Path.cwd(), windows=Path("data/windows"), out=Path("build/ingest"))


if __name__ == "__main__":
    run_stage(main)
