import pandas as pd
import pytest

from tiktok_segments.reports.page.links import profile_address, profile_addresses


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://", "http://[", float("nan"), None]
)
def test_only_web_addresses_are_taken_from_the_data(url: object) -> None:
    assert profile_address("maya", url) == "https://www.tiktok.com/@maya"


def test_a_handle_cannot_leave_its_address() -> None:
    assert profile_address('"><img>/..') == "https://www.tiktok.com/@%22%3E%3Cimg%3E%2F.."


def test_the_data_s_own_address_goes_first_and_synthetic_accounts_have_none() -> None:
    rows = pd.DataFrame({"account_id": ["a"], "url": ["https://example.org/a"]})
    assert profile_addresses(rows, there=True) == ["https://example.org/a"]
    assert profile_addresses(rows, there=False) == [None]
