"""Items made ahead by a thread: their order, and what making one raises."""

from collections.abc import Iterator

import pytest

from tiktok_segments.accounts.large.prefetching import prefetched


def test_an_error_comes_in_the_place_of_the_item_that_was_to_be_made() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2)
        raise ValueError("the disk is gone")

    taken = []
    with pytest.raises(ValueError, match="the disk is gone"):
        for item in prefetched(items()):
            taken.append(item)
    assert taken == [1, 2]


def test_no_more_than_one_item_is_made_ahead() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    ahead = [len(made) - item for item in prefetched(items())]
    assert len(ahead) == 10
    assert max(ahead) <= 2
