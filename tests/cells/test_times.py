from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from tiktok_segments.cells.times import read_times


def read(*cells: object) -> list[str]:
    times = read_times(pa.chunked_array([pa.array(cells)])).values
    return ["" if pd.isna(time) else str(time) for time in times]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("3. Mrz. 2026", "2026-03-03 00:00:00"),
        ("3. März 2026 um 14:05 Uhr", "2026-03-03 14:05:00"),
        ("Tue Mar 3 14:05:00 2026", "2026-03-03 14:05:00"),
    ],
)
def test_dates_as_german_tables_and_unix_write_them_are_read(text: str, time: str) -> None:
    assert read(text) == [time]


@pytest.mark.parametrize("text", ["3 March 0026", "03.03.0026"])
def test_four_digits_that_are_no_year_are_not_taken_for_a_short_one(text: str) -> None:
    assert read_times(pa.chunked_array([[text]])).n_unreadable == 1


@pytest.mark.parametrize(
    "cell",
    [
        "2026-08-31", "2026/08/31", "2026.08.31", "31.08.2026", "31.8.2026", "31. 8. 2026",
        "31/08/2026", "31-08-2026", "08/31/2026", "8/31/2026", "2026年8月31日", "2026年08月31日",
        "31 August 2026", "31 Aug 2026", "31-Aug-2026", "August 31, 2026", "Aug 31 2026",
        "Aug 31st, 2026", "Monday, August 31, 2026", "Mon, 31 Aug 2026", "31. August 2026",
        "31 août 2026", "31 de agosto de 2026", "31 agosto 2026", "31 августа 2026",
        "31 sierpnia 2026", "31 Ağustos 2026", "31 Agustus 2026", "46265", "20260831",
        "2026. 8. 31.", "2026년 8월 31일",
        "1788134400", "1788134400000", "２０２６-０８-３１", "٢٠٢٦-٠٨-٣١",
    ],
)  # fmt: skip
def test_a_day_is_the_same_however_it_is_written(cell: str) -> None:
    assert read(cell) == ["2026-08-31 00:00:00"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-08-31T21:30:00", "2026-08-31 21:30", "2026-08-31T23:30:00+02:00",
        "2026-08-31T21:30:00Z", "31.08.2026 21:30", "31.08.2026, 21:30:00", "31/08/2026 21:30",
        "8/31/2026 9:30 PM", "8/31/2026, 9:30:00 p.m.", "2026/8/31 21:30:00",
        "2026年8月31日 21:30", "Aug 31, 2026 9:30 PM", "Mon Aug 31 21:30:00 +0000 2026",
        "Mon, 31 Aug 2026 21:30:00 GMT", "31 Aug 2026 23:30 +0200", "46265.89583333",
        "August 31, 2026 at 9:30 PM", "2026/08/31 21:30 UTC",
        "2026/8/31 下午 09:30:00", "2026. 8. 31. 오후 9:30", "2026年8月31日 21時30分",
    ],
)  # fmt: skip
def test_times_of_the_day_are_read_behind_every_date(cell: str) -> None:
    (found,) = read(cell)
    assert abs(pd.Timestamp(found) - pd.Timestamp("2026-08-31 21:30")) < pd.Timedelta("1s")


@pytest.mark.parametrize(
    "cell",
    ["May 2024", "Mai 2024", "mayo de 2024", "2024-05", "2024/5", "5/2024", "05-2024", "202405",
     "2024年5月", "Tháng 5 2024", "tháng 5/2024", "May-24", "May '24", "Mai/24"],
)  # fmt: skip
def test_a_month_is_its_first_day(cell: str) -> None:
    assert read(cell) == ["2024-05-01 00:00:00"]


@pytest.mark.parametrize(
    "cell",
    ["2024-W20", "2024W20", "2024-w20", "W20 2024", "2024 W20", "KW 20/2024", "CW20 2024",
     "Week 20, 2024", "13.05.2024 - 19.05.2024", "2024-05-13 – 2024-05-19",
     "May 13, 2024 to May 19, 2024", "13/05/2024 au 19/05/2024"],
)  # fmt: skip
def test_a_week_is_its_monday(cell: str) -> None:
    assert read(cell) == ["2024-05-13 00:00:00"]


@pytest.mark.parametrize(
    "cell",
    ["20240503120000", "1714737600", "1714737600000", "1714737600000000", "1714737600000000000",
     1714737600000000],
)  # fmt: skip
def test_stamps_of_digits_are_read_to_the_second(cell: object) -> None:
    assert read(cell) == ["2024-05-03 12:00:00"]


@pytest.mark.parametrize(
    "cell",
    ["1403/02/12", "1403-02-12", "2567-05-03", "3 May 2567", "1970-01-01", "0", "2024-W60",
     "2024-13", "13/2024", "W20", "1 day ago", "6790000000000000123", "20241399000000"],
)  # fmt: skip
def test_years_of_other_calendars_and_what_is_no_period_are_unreadable(cell: str) -> None:
    found = read_times(pa.chunked_array([[cell, "2024-05-03"]]))
    assert found.values.isna().tolist() == [True, False]
    assert (found.n_unreadable, found.n_undecided) == (1, 0)


def test_six_digits_are_months_where_all_of_a_column_may_be() -> None:
    assert read("202405", "202499", "2024-05-03") == ["", "", "2024-05-03 00:00:00"]


@pytest.mark.parametrize("cell", ["Q2 2024", "2024-Q2", "2024Q2", "Q2/24", "Q2'24", "2Q24"])
def test_a_quarter_is_its_first_day(cell: str) -> None:
    assert read(cell) == ["2024-04-01 00:00:00"]


def test_two_digits_behind_months_are_years_where_they_follow_each_other() -> None:
    months = ["2024-11-01 00:00:00", "2024-12-01 00:00:00", "2025-01-01 00:00:00"]
    assert read("Nov-24", "Dez-24", "Jan-25") == months
    for days in (["Jan-20", "Jan-24", "Feb-17"], ["Jan-25", "Jan-26"], ["Jan 25"], ["Wave-24"]):
        assert read(*days) == [""] * len(days)


def test_months_that_french_spreadsheets_cut_short_are_read() -> None:
    found = read("3 févr. 2025", "31 janv. 2025", "1 déc. 2024", "3 juil. 2024")
    assert [one[:10] for one in found] == ["2025-02-03", "2025-01-31", "2024-12-01", "2024-07-03"]


def test_a_zone_may_be_named_behind_its_hours() -> None:
    (found,) = read("Mon Feb 03 2025 00:30:00 GMT+0100 (Central European Standard Time)")
    assert found == "2025-02-02 23:30:00"


def test_timestamps_of_years_without_tiktok_are_left_empty() -> None:
    found = read_times(pa.chunked_array([pa.array([0, 1_714_737_600], pa.timestamp("s"))]))
    assert found.values.isna().tolist() == [True, False]
    assert found.n_unreadable == 1


def test_a_number_above_twelve_anywhere_tells_day_from_month() -> None:
    assert read("03/04/2026", "31/08/2026") == ["2026-04-03 00:00:00", "2026-08-31 00:00:00"]
    assert read("03/04/2026", "08/31/2026") == ["2026-03-04 00:00:00", "2026-08-31 00:00:00"]
    assert read("03.04.2026") == ["2026-04-03 00:00:00"]


def test_where_nothing_tells_or_all_contradicts_nobody_guesses() -> None:
    for cells in (["03/04/2026", "05/06/2026"], ["03/04/2026", "31/08/2026", "08/31/2026"]):
        read_in = read_times(pa.chunked_array([cells]))
        assert pd.isna(read_in.values[0])
        assert read_in.n_undecided >= 1
        assert read_in.n_unreadable == 0
    assert read("07/07/2026") == ["2026-07-07 00:00:00"]


@pytest.mark.parametrize(
    "cell",
    ["31/31/2026", "32.08.2026", "2026-13-01", "31.02.2026", "yesterday", "31 Foo 2026", "12:30",
     "2026/08/31 25:00", "99999", "5", "31.08.12"],
)  # fmt: skip
def test_what_is_no_time_is_unreadable(cell: str) -> None:
    found = read_times(pa.chunked_array([[cell]]))
    assert found.values.isna().all()
    assert (found.n_unreadable, found.n_undecided) == (1, 0)


def test_numbers_of_days_and_of_seconds_are_read_from_numbers() -> None:
    assert read(46265, 1788134400) == ["2026-08-31 00:00:00"] * 2
    assert read(46265.5) == ["2026-08-31 12:00:00"]
