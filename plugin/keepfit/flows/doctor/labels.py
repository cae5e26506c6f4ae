"""`keepfit doctor`: the labels that people gave: can they be read, and do the stages depend on them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from keepfit.errors import KeepfitError
from keepfit.flows.doctor.curation import READERS, lacking
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import FOLDER, foreign_files, people_labels
from keepfit.report.doctor import Check

SHOWN = 3


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of `labels/`; nothing without a project or without labels in it."""
    if project is None:
        return
    try:
        said, foreign = people_labels(project), foreign_files(project)
    except KeepfitError as bad:
        yield Check(name="labels", status="fail", found=f"{bad.what} ({bad.where})", fix=bad.fix or "")
        return
    if foreign:
        more = f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else ""
        found = f"{', '.join(foreign[:SHOWN])}{more} in {FOLDER}/ hold no labels that keepfit wrote: they are passed over"
        yield Check(name="labels", status="unknown", found=found, fix="keepfit label import FILE takes answers in")
    if not said:
        return
    if names := lacking(project, FOLDER):
        found = f"{' and '.join(names)} in dvc.yaml do not depend on {FOLDER}: new labels re-run nothing"
        yield Check(name="labels", status="warn", found=found, fix=f"add {FOLDER} to the deps of {' and '.join(READERS)} in dvc.yaml")
    counts = Counter(label.origin for label in said)
    shown = ", ".join(f"{count:,} {origin}" for origin, count in sorted(counts.items()))
    yield Check(name="labels", status="ok", found=f"{len({label.row for label in said}):,} rows have labels of people ({shown})")
