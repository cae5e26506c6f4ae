"""What a recipe says of rows by slice, class or window (`rows` of a recipe), put to the strata of a pool: who is thinned, what quotas hold, who weighs more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepfit.compose.allotment import Counts
from keepfit.compose.draws import Hashes, lowest, ranks
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.quotas import Quotas, drawn_down
from keepfit.compose.samplers.sampler import Drawn, Pool
from keepfit.compose.sources import Mask
from keepfit.compose.strata import DIGITS, Coded, columns_of, named, said_of, stratum
from keepfit.params.recipe import RecipeParams, RowsParams
from keepfit.records import Stratum, StratumStatus

PART = "part"
"""The column of new and replayed rows, which no slice's name has a part in: it is never looked up."""
UNDRAWN, BALANCED = "not drawn for replay", "left out to keep the replay's share"
Rules = Sequence[tuple[str, RowsParams] | None]


@dataclass(frozen=True)
class RuledColumn:
    """A column of a pool, and what the recipe says of each of its strata."""

    column: Coded
    rules: Rules
    where: str

    @classmethod
    def of(cls, column: Coded, said: Mapping[str, RowsParams], where: str) -> RuledColumn:
        """Put the rules to the strata that they cover."""
        column = named(column, said)
        return cls(column, said_of(column.names, said), where)

    @property
    def has_quotas(self) -> bool:
        """Whether a rule asks for a number or a share of rows."""
        return any(rule is not None and {rule[1].at_least, rule[1].at_most, rule[1].share} != {None} for rule in self.rules)

    @property
    def thins(self) -> bool:
        """Whether a rule keeps a share of rows."""
        return any(rule is not None and rule[1].keep is not None for rule in self.rules)

    def thinned(self, hashes: Hashes, among: Mask, seed: int) -> Mask:
        """The rows that `keep` makes leave: of each stratum all but that share of its own rows."""
        leave = np.zeros(len(hashes), dtype=np.bool_)
        for at, rule in enumerate(self.rules):
            if rule is not None and rule[1].keep is not None:
                rows = np.flatnonzero(among & (self.column.codes == at))
                leave[rows] = True
                leave[lowest(ranks(hashes, f"keep {self.column.column} {seed}"), rows, round(rule[1].keep * len(rows)))] = False
        return leave

    def quotas(self) -> Quotas:
        """The quotas of the strata."""
        made = Quotas.none(self.column)
        for at, rule in enumerate(self.rules):
            if rule is not None:
                _put(made, at, rule[1])
        return replace(made, where=self.where)

    def factors(self) -> Floats:
        """What each row's weight is multiplied with."""
        factors = np.array([1.0 if rule is None else rule[1].weight for rule in self.rules], dtype=np.float64)
        return factors[self.column.codes]

    def outcome(self, among: Mask, trains: Mask, weight: Floats) -> list[Stratum]:
        """What became of each stratum that has rows, or that the recipe names."""
        weights = np.bincount(self.column.codes[trains], weights=weight[trains], minlength=len(self.column.names))
        total, heavy, found = int(trains.sum()), float(weights.sum()) or 1.0, []
        counts = zip(self.column.names, self.rules, self.column.counts(among), self.column.counts(trains), weights / heavy, strict=True)
        for name, rule, available, rows, share in counts:
            if available or rule is not None:
                asked, status = ("", None) if rule is None else (rule[1].words, _status(rule[1], int(rows), total))
                made = stratum(name, "train", (int(available), int(rows)), total, asked=asked, status=status)
                found.append(replace(made, weight=round(float(share), DIGITS)))
        return found


def _put(quotas: Quotas, at: int, rule: RowsParams) -> None:
    """Write one rule into the arrays."""
    for bound, share, number in ((rule.at_least, quotas.low, quotas.floor), (rule.at_most, quotas.high, quotas.cap)):
        if isinstance(bound, int):
            number[at] = bound
        elif bound is not None:
            share[at] = bound
    if rule.share is not None:
        quotas.low[at] = quotas.high[at] = rule.share


def _status(rule: RowsParams, rows: int, total: int) -> StratumStatus | None:
    """Whether what a rule asks for is met within one row; None where it asks for nothing that could be missed."""
    least = [bound for bound in (rule.at_least, rule.share) if bound is not None]
    most = [bound for bound in (rule.at_most, rule.share) if bound is not None]
    if any(rows < bound if isinstance(bound, int) else rows <= bound * total - 1 for bound in least):
        return "short"
    if any(rows > bound if isinstance(bound, int) else rows >= bound * total + 1 for bound in most):
        return "over"
    return "met" if least or most else None


def ruled_columns(pool: Pool, said: Mapping[str, RowsParams], where: str) -> list[RuledColumn]:
    """Return the columns that the rules name, with what they say of each stratum of the pool."""
    return [RuledColumn.of(pool.column(name), said, f"{where}.rows") for name in columns_of(said)]


def drawn_by_rules(pool: Pool, drawn: Drawn, ruled: Sequence[RuledColumn], says: RecipeParams, *, seed: int, where: str) -> Drawn:
    """Return the draw with fewer rows: thinned, and until the replay's share, every quota and the cap on all rows hold."""
    among, parts, reasons = drawn.trains, drawn.parts, drawn.reasons
    for one in (one for one in ruled if one.thins):
        leave = one.thinned(pool.hashes, among, seed)
        parts, reasons = parts.but(leave, "out"), reasons.but(leave, f"thinned by {one.column.column}")
        among = among & ~leave
    quotas = [*replay_quotas(drawn, says, where), *(one.quotas() for one in ruled if one.has_quotas)]
    if not quotas and (says.max_rows is None or among.sum() <= says.max_rows):
        return drawn.but(parts=parts, reasons=reasons)
    by = drawn_down(quotas, ranks(pool.hashes, f"rows {seed}"), among, most=says.max_rows)
    whys = [UNDRAWN if one.column.column == PART else f"over the quotas of {one.column.column}" for one in quotas]
    for at, why in enumerate([*whys, f"over max_rows {says.max_rows}"]):
        reasons = reasons.but(by == at, why)
    reasons = reasons.but(reasons.among(UNDRAWN) & drawn.parts.among("train"), BALANCED)
    return drawn.but(parts=parts.but(by >= 0, "out"), reasons=reasons)


def replay_quotas(drawn: Drawn, says: RecipeParams, where: str, rows: Counts | None = None) -> list[Quotas]:
    """Return the share of the replay as a quota; where older windows have too few rows for it, no other row is left out for that.

    `rows`: how many rows each row of the draw stands for (None: itself).
    """
    if says.parts is None or says.parts.replay is None:
        return []
    replays, trains = drawn.parts.among("replay"), drawn.trains
    column = Coded(PART, ("new", "replay"), replays.astype(np.int32))
    share, older, all_ = says.parts.replay.share, *(int(which.sum() if rows is None else rows[which].sum()) for which in (replays, trains))
    short = older * (1 - share) < share * (all_ - older)
    return [replace(Quotas.none(column), low=np.array([0.0, share]), high=np.array([1.0, share]), wish=short, where=f"{where}.parts.replay.share")]


def replayed(drawn: Drawn, kept: Drawn, says: RecipeParams) -> list[Stratum]:
    """What became of the replay: short where the windows before the new ones have too few rows."""
    if says.parts is None or says.parts.replay is None:
        return []
    available, rows, total = int(drawn.parts.among("replay").sum()), int(kept.parts.among("replay").sum()), int(kept.trains.sum())
    rule = RowsParams(share=says.parts.replay.share)
    return [stratum("replay", "train", (available, rows), total, asked=rule.words, status=_status(rule, rows, total))]
