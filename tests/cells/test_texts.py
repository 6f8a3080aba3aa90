from __future__ import annotations

import datetime

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_segments.cells.flags import read_flags
from tiktok_segments.cells.numbers import read_numbers
from tiktok_segments.cells.texts import read_accounts, read_text
from tiktok_segments.cells.times import read_times
from tiktok_segments.schema import COLUMNS


def column(*cells: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells)])


def test_na_is_a_region_and_a_spelled_null_is_none() -> None:
    assert read_text(column("NA", "N/A", "null", "", " us ")).to_pylist() == [
        "NA", None, None, None, " us ",
    ]  # fmt: skip


def test_a_text_that_a_spreadsheet_was_kept_from_computing_is_itself() -> None:
    cells = column('="0012"', "=1+1", '\'="a"', '="a" & "b"')
    assert read_text(cells, guarded=True).to_pylist() == ["0012", "=1+1", '="a"', '="a" & "b"']
    assert read_times(column('="2024-05-03"')).values.astype(str).tolist() == ["2024-05-03"]


def test_identifiers_keep_every_digit() -> None:
    big = 2**63 - 1
    assert read_accounts(column(big, 7))[0].tolist() == [str(big), "7"]
    assert read_accounts(column("006794435137251820550"))[0].tolist() == ["006794435137251820550"]
    accounts, damaged = read_accounts(column(12.0, 6.794435137251820e18))
    assert accounts.tolist()[0] == "12"
    assert damaged.tolist() == [False, True]


def test_what_is_no_number_is_no_identifier() -> None:
    cells = pa.chunked_array([pa.array([7.0, float("nan"), None])])
    assert read_accounts(cells)[0].isna().tolist() == [False, True, True]


BARE = st.one_of(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789._", max_size=6),
    st.sampled_from(["", "nan", "undefined", "null", "none", "1e5", "tiktok.com", "007"]),
    st.none(),
)


@given(st.lists(BARE, min_size=1))
def test_plain_handles_are_read_alike_beside_others_and_alone(handles: list[str | None]) -> None:
    alone = read_accounts(pa.chunked_array([pa.array(handles, pa.string())]))
    beside = read_accounts(pa.chunked_array([pa.array([*handles, "@Ann"], pa.string())]))
    pd.testing.assert_series_equal(alone[0], beside[0][:-1])
    assert alone[1].tolist() == beside[1][:-1].tolist()


def test_handles_lose_their_at_sign_and_addresses_give_the_handle() -> None:
    cells = column(
        "@ann",
        " @bob.b ",
        "https://www.tiktok.com/@cat_?lang=en",
        "none",
        "None",
        "",
        "tiktok.com/%40dora",
    )
    accounts, damaged = read_accounts(cells)
    assert accounts.fillna("(missing)").tolist() == [
        "ann", "bob.b", "cat_", "none", "(missing)", "(missing)", "dora",
    ]  # fmt: skip
    assert not damaged.any()


@pytest.mark.parametrize(
    "cell",
    ["ana", "\u200bana", "ana\u200e", "\ufeff@ana", "\u202aana\u202c", "a\u2060na", "an\u00ada",
     "ana\u200d", "\uff20ana", "\uff20\uff41\uff4e\uff41", "'ana", "'@ana", '="ana"', "Ana\u200b ",
     "https://www.tiktok.com/ana", "tiktok.com/Ana/?lang=en", "https://www.tiktok.com/@ana"],
)  # fmt: skip
def test_however_it_is_copied_a_handle_is_one_account(cell: str) -> None:
    assert read_accounts(column("bob", cell, None))[0].fillna("").tolist() == ["bob", "ana", ""]


@pytest.mark.parametrize("page", ["discover", "tag", "music", "search", "explore", "foryou"])
def test_a_page_of_tiktok_is_no_handle(page: str) -> None:
    assert read_accounts(column(f"https://www.tiktok.com/{page}"))[0].tolist() != [page]
    assert read_accounts(column("https://vm.tiktok.com/ZMabc1"))[0].tolist() != ["zmabc1"]


@pytest.mark.parametrize("nothing", [r"\N", "<NA>", "nan", "NaN", "undefined", "n/a", "N/A"])
def test_what_programs_write_for_nothing_is_no_account(nothing: str) -> None:
    assert read_accounts(column("ana", nothing))[0].isna().tolist() == [False, True]


def test_an_account_may_be_called_as_nothing_is() -> None:
    cells = column("@nan", "https://www.tiktok.com/@undefined", "unknown", "none")
    assert read_accounts(cells)[0].tolist() == ["nan", "undefined", "unknown", "none"]


def test_the_null_of_databases_is_nothing_in_every_kind_of_column() -> None:
    assert read_text(column(r"\N", "<NA>", "x")).to_pylist() == [None, None, "x"]
    values, unreadable = read_flags(column("yes", "no", r"\N"))
    assert pd.isna(values[2])
    assert not unreadable.any()
    numbers = read_numbers(column("12", r"\N", "1\u00ad2"), COLUMNS["likes"])
    assert numbers.problems.tolist() == [0, 0, 0]
    assert numbers.values.tolist()[::2] == [12, 12]
    assert read_times(column("2023-08-01", r"\N")).n_unreadable == 0


@pytest.mark.parametrize(
    "cells",
    [("true", "false"), ("TRUE", "False"), ("1", "0"), (1, 0), (1.0, 0.0), ("yes", "no"),
     ("1", ""), ("Yes", None), (True, False), ("verified", "-"),
     ("O", "X"), ("○", "×"), ("x", ""), ("x", "no"), ("✓", "x"), ("Yes", "x")],
)  # fmt: skip
def test_flags_are_read_in_every_spelling(cells: tuple[object, ...]) -> None:
    values, unreadable = read_flags(column(*cells))
    assert values.tolist() == [1.0, 0.0]
    assert not unreadable.any()


def test_an_empty_flag_beside_a_no_is_missing_and_other_words_are_unreadable() -> None:
    values, unreadable = read_flags(column("yes", "no", "", "maybe"))
    assert pd.isna(values[2])
    assert unreadable.tolist() == [False, False, False, True]


def test_times_are_utc_from_iso_and_from_epoch() -> None:
    cells = column(
        "2023-08-01", "2023-08-01T02:00:00+02:00", "1690848000", "1690848000000", "null", "soon"
    )
    read = read_times(cells)
    times, n_unreadable = read.values, read.n_unreadable
    midnight = pd.Timestamp("2023-08-01")
    assert times.tolist()[:4] == [midnight] * 4
    assert times.isna().tolist()[4:] == [True, True]
    assert n_unreadable == 1
    assert str(times.dtype) == "datetime64[us]"
    dates = read_times(column(datetime.date(2023, 8, 1))).values
    assert dates.tolist() == [midnight]


def test_a_time_stamp_beyond_any_calendar_is_unreadable_and_no_error() -> None:
    read = read_times(pa.chunked_array([["9223372036855", "1690848000"]]))
    assert read.values.isna().to_list() == [True, False]
    assert read.n_unreadable == 1
