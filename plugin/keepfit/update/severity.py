"""How bad a ticket is: from its harm and its effect, never from p, which says how sure a change is and grows with the rows.

| severity | when |
|---|---|
| critical | the data is broken (schema, quality), or the champion is surely worse: than promised by the margin (harm), than the one before (regret) |
| warning | performance is surely below its promise, within the margin; or the root cause touches at least a tenth of the rows |
| info | anything else: a gain to be had, old data, a small change |

Blind to what an hour of a bad model costs, and to harm without labels: a small change that hurts is a warning only when its labels are there.
"""

from __future__ import annotations

from keepfit.records import Ground, RootCause, Severity

CRITICAL: tuple[Ground, ...] = ("schema", "quality", "harm", "regret")
LARGE = 0.1
"""The part of the rows from which on a change is large."""


def severity(ground: Ground, root: RootCause | None, *, within: bool = False) -> Severity:
    """Return how bad what lies behind a decision is; `within`: the loss is sure, and within the margin.

    >>> severity("drift", RootCause(kind="covariate", column="x", share=0.03)), severity("drift", RootCause(kind="covariate", column="x", share=0.2))
    ('info', 'warning')
    >>> severity("harm", None)
    'critical'
    """
    if within:
        return "warning"
    if ground in CRITICAL:
        return "critical"
    if root is None:
        return "info"
    worse = root.harm is not None and root.harm.high is not None and root.harm.high < 0
    return "warning" if worse or (root.share or 0.0) >= LARGE else "info"
