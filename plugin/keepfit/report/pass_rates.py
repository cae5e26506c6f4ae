"""How often a candidate would pass, in words."""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.gate.pass_rate import PassRates


def pass_rate_lines(found: PassRates) -> Iterator[str]:
    """Yield how often a candidate that is worse by the bound, equal, or better by it would pass, a line each below one that says on what that rests."""
    varied = "rows taken as independent" if found.clusters is None else f"{found.clusters:,} groups of rows that vary together"
    width = f"the interval is ±{found.half_width:.2g}, a loss of {found.finds:.2g} is found with power .8"
    yield f"  on such a window ({found.rows:,} rows, {varied}) {width}; by the rules that compare, a candidate passes"
    for rate in found.rates:
        who = (
            "that is as good as the champion" if rate.gain == 0 else f"that is {'better' if rate.gain > 0 else 'worse'} by {abs(rate.gain):.3g} {found.metric}"
        )
        approved = f", and {rate.approvals:.0%} by a person's approval" if rate.approvals else ""
        yield f"    {rate.passes:>4.0%}  {who}{approved}"
