"""Tests that share a server, or a Spark, are known to xdist as one group: it is started once."""

import pytest


@pytest.mark.xdist_group("known to xdist")
def test_a_test_goes_by_the_name_of_its_group_where_tests_are_handed_out_by_group(
    request: pytest.FixtureRequest,
) -> None:
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("the tests are not handed out by group: -n auto --dist loadgroup")
    # By which xdist finds it. A pytest that it does not fit leaves the name off without a word.
    assert request.node.nodeid.endswith("@known to xdist")
