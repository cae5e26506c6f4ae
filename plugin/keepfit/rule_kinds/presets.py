"""The presets `prove` and `renew`: one reviewed line of `params.yaml` or `gate.yaml` that stands for named rules.

*prove*: shown not worse than the champion by more than the bound, on all rows and on the priority slices. *renew*: not shown worse, on a
window that would have found the largest loss allowed. Both: no slice may be shown worse. What a preset stands for is written out
wherever rules are shown; own rules stand beside it, under other names. Blind to whether windows are large enough: `keepfit rules check`.
"""

from __future__ import annotations

from keepfit.params import PresetParams
from keepfit.rule_kinds.no_proof_of_harm import NoProofOfHarm
from keepfit.rule_kinds.not_shown_worse import NotShownWorse
from keepfit.rule_kinds.not_worse_than import NotWorseThan
from keepfit.rule_kinds.written import EVERY_SLICE, OVERALL, Written

HARM_ERROR = 0.05
"""The family-wise error of calling an equal candidate worse on some slice."""


def written_out(preset: PresetParams | None) -> dict[str, Written]:
    """Return the rules that a preset stands for, by name; none without a preset.

    >>> {name: (rule.slice, rule.bound) for name, rule in written_out(PresetParams(name="renew", max_loss=0.02)).items()}
    {'overall_renewed': ('overall', 0.02), 'no_slice_harmed': ('*', 0.05)}
    """
    if preset is None:
        return {}
    slices = {"no_slice_harmed": Written(kind=NoProofOfHarm.name, slice=EVERY_SLICE, bound=HARM_ERROR)}
    if preset.max_loss is not None:
        return {"overall_renewed": Written(kind=NotShownWorse.name, slice=OVERALL, bound=preset.max_loss, undecided=preset.undecided), **slices}
    shown = {"overall_proven": OVERALL, **{f"priority_{number}_proven": pattern for number, pattern in enumerate(preset.priority, start=1)}}
    bound = preset.bound or 0.0
    return {name: Written(kind=NotWorseThan.name, slice=where, bound=bound, undecided=preset.undecided) for name, where in shown.items()} | slices
