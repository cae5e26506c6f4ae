"""A race of recipes as a page that stands alone: the sentence, what each recipe came to, and every number behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepfit.report.backtest import Row, windows_head, windows_rows
from keepfit.report.pages import render
from keepfit.report.race import race_head, race_rows
from keepfit.update.race import REFERENCE, Race


def race_page(model: str, metric: str, found: Race, rows: Sequence[Row], *, left_out: Mapping[str, str], said: str) -> str:
    """Return the page; `rows` are the judged windows."""
    names = [REFERENCE, *found.recipes]
    return render(
        "race.html",
        model=model,
        verdict=said,
        calm=found.chosen == found.leader,
        sides=f"{model}: {len(rows)} windows, {rows[0][0]} to {rows[-1][0]}, {sum(n for _, n, _ in rows):,} labelled rows; each window "
        "judges models that have learned from earlier windows only",
        tables=(
            ("What recipes came to", race_head(metric, found), race_rows(found, rows)),
            ("Window by window", windows_head(metric, names), windows_rows(names, rows)),
            ("Left out of the race", ("recipe", "why"), [(name, why) for name, why in left_out.items()]),
        ),
        ranking=found.ranking,
        rest=found.windows - found.ranking,
    )
