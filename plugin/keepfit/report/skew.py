"""What differs between features logged online and recomputed offline, as a person reads it: less than 40 lines whatever differs."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.monitor.skew import FeatureSkew, Skew
from keepfit.report.tables import Raw, inline, markdown_table, number

FEATURES, NAMES, CHARS = 20, 6, 40
HEADERS = ("feature", "unlike", "of the rows", "differ by", "online", "offline", "missing online", "missing offline", "equal an older value")


def skew_line(skew: Skew) -> str:
    """Return the answer in one sentence, as plain text.

    >>> from keepfit.monitor.skew import Skew
    >>> nothing = dict(names=("a", "b"), key=("id",), time=None, rows_online=2, rows_offline=2, repeated=0, only_online=(), only_offline=())
    >>> skew_line(Skew(**nothing, matched=0, features=(), tolerance=1e-6, max_share=0.01))
    'nothing compared: no online row has an offline row of its key'
    """
    if skew.verdict == "nothing compared":
        later = " that is not later" if skew.time is not None else ""
        return f"nothing compared: {'the tables share no feature' if skew.matched else f'no online row has an offline row of its key{later}'}"
    if skew.verdict == "no skew":
        worst = skew.features[0]
        rest = f"; at most {_share(worst.share)} of the rows are unlike ({worst.name})" if worst.unlike else ""
        return f"no skew in {_count(len(skew.features), 'feature')} over {_count(skew.matched, 'row')}{rest}"
    worst = skew.skewed[0]
    where = f"{worst.name} is unlike in {_share(worst.share)} of {_count(skew.matched, 'row')}"
    return f"skew in {len(skew.skewed)} of {_count(len(skew.features), 'feature')}: {where}"


def skew_report(skew: Skew) -> str:
    """Return Markdown: the sentence, what was compared, a row a feature that is not the same everywhere, and the columns of one side."""
    shown = [one for one in skew.features if one.unlike][:FEATURES]
    parts = [
        f"**{inline(skew_line(skew))}**",
        _about(skew),
        markdown_table(HEADERS, [_row(one) for one in shown]) if shown else "",
        _more(len([one for one in skew.features if one.unlike]) - len(shown)),
        _lone("online", skew.only_online),
        _lone("offline", skew.only_offline),
    ]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _about(skew: Skew) -> str:
    by = ", ".join(inline(name, max_chars=CHARS) for name in skew.key[:NAMES])
    held = f", each beside the newest that is not later ({inline(skew.time, max_chars=CHARS)})" if skew.time is not None else ""
    lost = skew.rows_online - skew.matched
    lines = [
        f"online {inline(skew.names[0])}, {_count(skew.rows_online, 'row')}; offline {inline(skew.names[1])}, {_count(skew.rows_offline, 'row')}; "
        f"by {by}{held}.",
        f"Numbers within {skew.tolerance:g} of one another are the same; up to {_share(skew.max_share)} of the rows may be unlike.",
    ]
    lines += [f"{_count(lost, 'online row')} {'has' if lost == 1 else 'have'} no offline row."] if lost else []
    lines += [f"{_count(skew.repeated, 'offline row')} share key and time with another: the first was taken."] if skew.repeated else []
    return " ".join(lines)


def _row(one: FeatureSkew) -> tuple[object, ...]:
    stale = None if not one.stale else Raw(f"{number(one.stale)} ({_span(one.stale_seconds or 0)} older)")
    missing = (one.missing_online or None, one.missing_offline or None)
    return (one.name, one.unlike, Raw(_share(one.share)), one.typical, one.online, one.offline, *missing, stale)


def _share(share: float) -> str:
    """A share in per cent, never rounded to none or all."""
    percent = 100 * share
    return "less than 0.1 %" if 0 < percent < 0.1 else "more than 99.9 %" if 99.9 < percent < 100 else f"{percent:.1f} %".replace(".0 %", " %")


def _span(seconds: float) -> str:
    """How long, in the unit that is read best."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def _count(count: int, what: str) -> str:
    return f"{number(count)} {what}{'' if count == 1 else 's'}"


def _more(count: int) -> str:
    return f"and {_count(count, 'more feature')}: --json" if count > 0 else ""


def _lone(side: str, names: Sequence[str]) -> str:
    shown = ", ".join(inline(name, max_chars=CHARS) for name in names[:NAMES])
    return f"only {side}: {shown}{f' and {len(names) - NAMES} more' if len(names) > NAMES else ''}" if names else ""
