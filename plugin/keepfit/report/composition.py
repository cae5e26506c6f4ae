"""`reports/COMPOSITION.md`: what the data set is made of, and how it differs from the champion's; made to be read in a diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from keepfit.records import Composition, LabelCount, Part, RecipeDraw, Stratum
from keepfit.report.augmented import augmented_section, made_fact
from keepfit.report.curation import curation_section
from keepfit.report.quality import quality_section
from keepfit.report.tables import NOTHING, inline, markdown_table, number

TRAINS = ("train", "replay")
BASES = {
    "later": "candidate and champion are judged on rows later than all that trained them",
    "same-period": "a first model: judged on the permanent holdout of its own windows (same-period), by absolute bounds only",
}
SHOWN, MOST_MISSED, CLASSES = 30, 10, 20
MISSED = ("short", "over")
ORIGINS = {
    "gold": "gold: experts",
    "annotator": "annotators",
    "source": "the source's own",
    "proxy": "proxy",
    "weak": "weak: rules of thumb",
    "curated": "rules of curation.yaml",
}
RECIPE, WITHOUT = "recipe", "none: keys of compose"
WHEN_JUDGED = "trained until, when judged"


def composition_report(composition: Composition, champion: Composition | None, drawn: RecipeDraw | None = None) -> str:
    """Return Markdown: the facts beside the champion's, a line for each window, what was drawn from the source for it, and why rows were left out."""
    facts, before = _facts(composition), _facts(champion) if champion else {}
    if composition.recipe or (champion and champion.recipe):
        facts = {RECIPE: composition.recipe or WITHOUT, **facts}
        before |= {RECIPE: champion.recipe or WITHOUT} if champion else {}
    if champion is not None and champion.sibling_until is not None:  # a refit: what judged it was learned from since
        facts[WHEN_JUDGED], before[WHEN_JUDGED] = _day(composition.trained_until), _day(champion.sibling_until)
        before["rows that judge"] = None
    if composition.augmented or (champion and champion.augmented):
        facts |= made_fact(composition)
        before |= made_fact(champion) if champion else {}
    parts = [
        "# Composition\n",
        f"Basis: {BASES[composition.basis]}.\n",
        _beside(facts, before) if champion else markdown_table(["", "this"], list(facts.items())),
        "## Windows\n",
        _windows(composition, champion),
        *_strata(composition, champion),
        *augmented_section(composition),
        *_drawn(drawn),
    ]
    left_out = _left_out(composition.parts)
    if left_out:
        parts += ["## Left out\n", markdown_table(["reason", "windows", "rows", "labelled"], left_out)]
    if composition.labels:
        parts += ["## Labels\n", label_origins(composition.labels)]
    if composition.curation is not None:
        parts.append(curation_section(composition.curation))
    if composition.quality:
        parts.append(quality_section(composition.quality))
    parts.append(f"Manifest `{composition.manifest}`\n")
    return "\n".join(parts)


def _facts(composition: Composition) -> dict[str, object]:
    """What a person compares, in a fixed order."""
    shares = _class_shares(composition)
    facts: dict[str, object] = {
        "trained from": _day(composition.trained_from),
        "trained until": _day(composition.trained_until),
        "judged from": _day(composition.evaluated_from),
        "judged until": _day(composition.evaluated_until),
        "rows that train": _rows(composition.parts, *TRAINS),
        "of them replay": _rows(composition.parts, "replay"),
        "rows that judge": _rows(composition.parts, "evaluate") if composition.basis == "later" else _labelled(composition.parts, "holdout"),
        "rows held out": _rows(composition.parts, "holdout"),
        "windows that train": len({part.window for part in composition.parts if part.part in TRAINS}),
    }
    return facts | ({"share of classes": shares} if shares else {})


def _class_shares(composition: Composition) -> str:
    """The classes' shares by name; of more than a line holds, the largest and the smallest, as a rare class is what a reviewer looks for."""
    found = sorted(composition.target_share.items())
    if len(found) > CLASSES:
        ranked = sorted(found, key=lambda one: (-one[1], one[0]))
        kept = {*ranked[: CLASSES // 2], *ranked[-(CLASSES // 2) :]}
        more = f", {len(found) - len(kept)} more between them"
        found = [one for one in ranked if one in kept]
    else:
        more = ""
    return ", ".join(f"{inline(name)}: {share:.2%}" for name, share in found) + more


def _beside(facts: dict[str, object], before: dict[str, object]) -> str:
    lines = [(name, value, before.get(name), _difference(value, before.get(name))) for name, value in facts.items()]
    return markdown_table(["", "this", "champion", "difference"], lines)


def _difference(value: object, before: object) -> str:
    if isinstance(value, int) and isinstance(before, int):
        return "" if value == before else f"{'+' if value > before else '−'}{number(abs(value - before))}"
    return "" if value == before else "changed"


def _windows(composition: Composition, champion: Composition | None) -> str:
    """One line a window, newest last; of many windows the newest."""
    used = _used(champion.parts) if champion else {}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part in composition.parts:
        counts[part.window][part.part] += part.rows
    columns = ("train", "replay", "evaluate", "holdout", "out")
    headers = ["window", *columns, *(["in the champion"] if champion else [])]
    names = list(counts)
    lines = [(name, *(counts[name][column] for column in columns), *([used.get(name, "no")] if champion else [])) for name in names[-SHOWN:]]
    more = f"{len(names) - SHOWN} older windows are not shown.\n\n" if len(names) > SHOWN else ""
    return more + markdown_table(headers, lines)


def _used(parts: Iterable[Part]) -> dict[str, str]:
    """What each window was in a composition, strongest use first."""
    order = ("train", "replay", "evaluate", "holdout", "out")
    found: dict[str, str] = {}
    for part in sorted(parts, key=lambda one: order.index(one.part)):
        found.setdefault(part.window, {"out": "left out", "evaluate": "judged"}.get(part.part, part.part))
    return found


def _strata(composition: Composition, champion: Composition | None) -> list[str]:
    """What became of the rows that the recipe and the judging part name: those that something is asked of first, what is short before all."""
    found: list[str] = []
    for part, title, there in (("train", "Rows that train, by what the recipe names", "to choose from"), ("judge", "Rows that judge", "that could judge")):
        strata = sorted((one for one in composition.strata if one.part == part), key=lambda one: (one.status not in MISSED, not one.asked))
        if strata:
            found += [f"## {title}\n", *_missed(strata), _strata_table(strata, {} if champion is None else _by_name(champion, part), there)]
    return found


def _missed(strata: Iterable[Stratum]) -> list[str]:
    """What was asked for and is not so, in words."""
    said = [f"{inline(one.name)} ({inline(one.asked)}: {_count(one.rows)}, {one.share:.1%})" for one in strata if one.status in MISSED]
    more = f" and {len(said) - MOST_MISSED} more" if len(said) > MOST_MISSED else ""
    return [f"**Not as asked:** {', '.join(said[:MOST_MISSED])}{more}. Nothing was added in place of rows that are not there.\n"] if said else []


def _count(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _strata_table(strata: list[Stratum], before: dict[str, Stratum], there: str) -> str:
    headers = ["rows", "asked", "", there, "rows", "share", "share of weights", *(["share in the champion"] if before else [])]
    lines = []
    for one in strata[:SHOWN]:
        champions = [f"{before[one.name].share:.1%}" if one.name in before else NOTHING] if before else []
        shares = f"{one.share:.1%}", f"{one.weight:.1%}"
        lines.append([one.name, one.asked or NOTHING, one.status or NOTHING, one.available, one.rows, *shares, *champions])
    more = f"{len(strata) - SHOWN} others are not shown.\n\n" if len(strata) > SHOWN else ""
    return more + markdown_table(headers, lines)


def _by_name(champion: Composition, part: str) -> dict[str, Stratum]:
    return {one.name: one for one in champion.strata if one.part == part}


def label_origins(counts: Iterable[LabelCount]) -> str:
    """Return Markdown: whose word the labels are, and how many of rows that were chosen judge nothing."""
    found = list(counts)
    chosen = sum(one.chosen for one in found)
    said = f"\n{_count(chosen)} that people were asked about by choice {'judges' if chosen == 1 else 'judge'} nothing.\n" if chosen else ""
    return markdown_table(["origin", "rows that train", "rows that judge"], [(ORIGINS[one.origin], one.train, one.judge) for one in found]) + said


def labels_said(composition: Composition, before: Composition | None) -> str:
    """Return for a review whose labels train, in a sentence, beside those that trained before; '' where people gave none."""
    if not composition.labels:
        return ""
    was = {one.origin: one.train for one in before.labels} if before else {}
    told = [f"{ORIGINS[one.origin]} {number(one.train)}{f' (before {number(was[one.origin])})' if one.origin in was else ''}" for one in composition.labels]
    chosen = sum(one.chosen for one in composition.labels)
    more = f" {_count(chosen)} that people were asked about by choice and that would have judged or been held out do neither." if chosen else ""
    return f"Labels of rows that train, by whose word they are: {', '.join(told)}.{more}"


def _drawn(drawn: RecipeDraw | None) -> list[str]:
    """Where the rows that train were drawn from, if not from the windows that are kept."""
    if drawn is None:
        return []
    lines = [(one.window, one.trainable, one.drawn) for one in drawn.windows]
    table = markdown_table(["window", "rows of the source that may train", "drawn"], lines)
    return ["## Drawn from the source\n", f"{drawn.sentence}.\n", table]


def _left_out(parts: Iterable[Part]) -> list[tuple[str, str, int, int]]:
    """(reason, windows, rows, labelled) of rows that do nothing, most first."""
    reasons: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.part == "out":
            reasons[part.reason].append(part)
    lines = [(why, _names(found), sum(one.rows for one in found), sum(one.labelled for one in found)) for why, found in reasons.items()]
    return sorted(lines, key=lambda line: (-line[2], line[0]))


def _names(parts: list[Part]) -> str:
    names = [part.window for part in parts]
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]} ({len(names)})"


def _rows(parts: Iterable[Part], *kinds: str) -> int:
    return sum(part.rows for part in parts if part.part in kinds)


def _labelled(parts: Iterable[Part], kind: str) -> int:
    return sum(part.labelled for part in parts if part.part == kind)


def _day(time: datetime | None) -> str:
    if time is None:
        return NOTHING
    return f"{time:%Y-%m-%d}" if time == datetime(time.year, time.month, time.day) else time.isoformat(sep=" ")
