"""What lies upstream explains what lies downstream."""

import itertools

from keepfit.monitor.rootcause import ORDER, Alarm, root_first


def alarm(ground, subject="", size=0.0):
    return Alarm(ground=ground, subject=subject, sentence="…", size=size)


def test_the_order_is_upstream_first_whatever_the_input_order():
    for shuffled in itertools.permutations([alarm(ground) for ground in ORDER]):
        assert [one.ground for one in root_first(shuffled)] == list(ORDER)


def test_of_one_ground_the_largest_is_the_root_then_the_name_decides():
    found = root_first([alarm("quality", "b", 1), alarm("quality", "a", 1), alarm("quality", "c", 2)])
    assert [one.cause for one in found] == ["quality:c", "quality:a", "quality:b"]


def test_no_alarm_is_no_cause():
    assert root_first([]) == ()
