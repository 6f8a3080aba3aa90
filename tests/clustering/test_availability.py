from __future__ import annotations

import pytest

from tiktok_segments.clustering.availability import require_feature_set
from tiktok_segments.errors import InputError

SETS = {"core": ("followers", "videos"), "size": ("followers",), "rates": ("like_rate",)}


def test_a_feature_set_without_its_columns_is_refused_with_those_that_run() -> None:
    with pytest.raises(InputError, match="features=core needs videos") as caught:
        require_feature_set("core", {"followers"}, SETS)
    assert "These run on this file: size." in str(caught.value)
    assert str(caught.value).count("\n") == 2


def test_a_feature_set_with_its_columns_passes() -> None:
    require_feature_set("core", {"followers", "videos"}, SETS)
