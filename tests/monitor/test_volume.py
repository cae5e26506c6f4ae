"""How many rows a window brought is told beside the windows before it, and asks for nothing."""

from __future__ import annotations

from keepfit.monitor.volume import surprises, volume_evidence


def test_a_third_of_the_usual_rows_is_told_and_has_no_effect():
    (found,) = volume_evidence([9000, 9100, 8950, 9050, 9020], 3000)
    assert (found.kind, found.effect, found.n) == ("quality", 0.0, 3000)
    assert 0.3 < found.statistic < 0.4
    assert len(surprises([found], alpha=0.001)) == 1
    assert surprises([found], alpha=0.001)[0].startswith("unusual number of rows: ")


def test_usual_rows_are_no_surprise_and_too_few_windows_say_nothing():
    assert surprises(volume_evidence([9000, 9100, 8950, 9050, 9020], 9010), alpha=0.001) == ()
    assert volume_evidence([9000, 9100], 3000) == ()
