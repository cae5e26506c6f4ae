"""The session that tests share, and the one that keepfit finds or starts."""

import pytest

pytestmark = pytest.mark.spark


def test_the_session_of_the_tests_counts_in_workers_of_this_python(spark):
    assert spark.range(0, 10, 1, 4).count() == 10
