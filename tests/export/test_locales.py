"""A file of any locale gives what the same file in plain English does, whole or streamed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tiktok_segments.accounts.batches import StreamedAccounts, UnsettledError
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.matched import MatchedRecords
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.export.aliases import load_alias_table

ROWS = 12


@dataclass(frozen=True)
class Locale:
    """How people of one market write a table."""

    header: list[str]
    group: str
    decimal: str
    suffixes: list[tuple[int, str]]
    yes_no: tuple[str, str]
    day: str
    percent: str = "{}%"
    digits: str = "0123456789"

    def count(self, value: int) -> str:
        return self._localised(f"{value:,}")

    def short(self, value: int) -> str:
        """The count in the largest suffix that leaves at most three decimals."""
        for size, suffix in self.suffixes:
            if value >= size and value * 1000 % size == 0:
                return self._localised(f"{value / size:.3f}".rstrip("0").rstrip(".")) + suffix
        return self.count(value)

    def rate(self, value: float) -> str:
        return self.percent.format(self._localised(f"{value:.1f}"))

    def _localised(self, text: str) -> str:
        marks = {",": self.group, ".": self.decimal}
        return "".join(
            marks.get(sign) or (self.digits[int(sign)] if sign.isdigit() else sign) for sign in text
        )


LOCALES = {
    "en": Locale(
        ["Username", "Followers", "Likes", "Engagement rate", "Verified", "Collected at"],
        ",", ".", [(10**6, "M"), (10**3, "K")], ("Yes", "No"), "%m/%d/%Y",
    ),
    "de": Locale(
        ["Benutzername", "Follower", "Herzen", "Interaktionsrate", "Verifiziert", "Erfasst am"],
        ".", ",", [(10**6, " Mio."), (10**3, " Tsd.")], ("Ja", "Nein"), "%d.%m.%Y", "{} %",
    ),
    "fr": Locale(
        ["Compte", "Abonnés", "J'aime", "Taux d'engagement", "Vérifié", "Date de collecte"],
        "\u202f", ",", [(10**6, " M"), (10**3, " k")], ("Oui", "Non"), "%d/%m/%Y", "{}\u00a0%",
    ),
    "pt": Locale(
        ["Usuário", "Seguidores", "Curtidas", "Taxa de engajamento", "Verificado", "Coletado em"],
        ".", ",", [(10**6, " mi"), (10**3, " mil")], ("Sim", "Não"), "%d/%m/%Y",
    ),
    "ru": Locale(
        ["Аккаунт", "Подписчики", "Лайки", "Вовлечённость", "Верифицирован", "Дата сбора"],
        "\u00a0", ",", [(10**6, " млн"), (10**3, " тыс.")], ("Да", "Нет"), "%d.%m.%Y", "{} %",
    ),
    "ar": Locale(
        ["اسم المستخدم", "المتابعون", "الإعجابات", "معدل التفاعل", "موثق", "تاريخ الجمع"],
        "٬", "٫", [(10**6, " مليون"), (10**3, " ألف")], ("نعم", "لا"), "%Y/%m/%d", "{}٪",
        "٠١٢٣٤٥٦٧٨٩",
    ),
    "hi": Locale(
        ["उपयोगकर्ता नाम", "फ़ॉलोअर्स", "लाइक्स", "सहभागिता दर", "सत्यापित", "दिनांक"],
        ",", ".", [(10**7, " करोड़"), (10**5, " लाख")], ("हाँ", "नहीं"), "%d-%m-%Y",
        digits="०१२३४५६७८९",
    ),
    "zh": Locale(
        ["用户名", "粉丝数", "获赞数", "互动率", "是否认证", "采集时间"],
        ",", ".", [(10**8, "亿"), (10**4, "万")], ("是", "否"), "%Y年%m月%d日", "{}％",
    ),
}  # fmt: skip


def write(path: Path, locale: Locale, rows: list[tuple[int, int, float, bool, int]]) -> Path:
    """Write a file of accounts, whose last one settles what the locale's own numbers leave open."""
    rows = [*rows, (9_876_543, 12_345_678, 9.1, True, 28)]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\n")
        table.writerow(locale.header)
        for number, (followers, likes, rate, verified, day) in enumerate(rows):
            collected = pd.Timestamp(2026, 3, day).strftime(locale.day)
            spelled = locale.count if number % 2 else locale.short
            flag = locale.yes_no[0 if verified else 1]
            count = locale.count(followers)
            table.writerow(
                [f"u{number}", count, spelled(likes), locale.rate(rate), flag, collected]
            )
    return path


def read_whole(path: Path) -> pd.DataFrame:
    return clean_profiles(read_export(path)).frame


def read_streamed(path: Path) -> pd.DataFrame:
    naming = Naming(load_alias_table(), Hints())
    (records,) = open_records(path, naming.select, naming.hints, size=BatchSize(4, 300))
    accounts = StreamedAccounts(
        [MatchedRecords(records, naming)], CleanRules(), source="", folder=path.parent
    )
    for _ in range(6):
        try:
            parts = list(accounts.batches())
        except UnsettledError:
            continue
        assert len(parts) > 1
        return pd.concat([part.frame for part in parts], ignore_index=True)
    raise AssertionError("never settled")


counts = st.one_of(
    st.integers(0, 500_000_000), st.integers(1, 999).map(lambda thousands: thousands * 1000)
)
accounts = st.tuples(
    counts, counts, st.integers(1, 999).map(lambda tenths: tenths / 10), st.booleans(),
    st.integers(1, 28),
)  # fmt: skip


@pytest.mark.parametrize("read", [read_whole, read_streamed])
@pytest.mark.parametrize("name", LOCALES)
@settings(phases=[Phase.generate], max_examples=8)
@given(rows=st.lists(accounts, min_size=ROWS, max_size=ROWS))
def test_a_file_of_any_locale_gives_the_numbers_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    read: Callable[[Path], pd.DataFrame],
    rows: list[tuple[int, int, float, bool, int]],
) -> None:
    frame = read(write(tmp_path_factory.mktemp(name) / "a.csv", LOCALES[name], rows))
    followers, likes, rates, verified, days = zip(*rows, strict=True)
    read_rows = frame.head(ROWS)
    assert read_rows["followers"].tolist() == [*followers]
    assert read_rows["likes"].tolist() == [*likes]
    assert read_rows["engagement_rate"].tolist() == pytest.approx([r / 100 for r in rates])
    assert read_rows["is_verified"].tolist() == [*verified]
    assert read_rows["collected_at"].dt.day.tolist() == [*days]
    assert set(read_rows["collected_at"].dt.month) == {3}


@pytest.mark.parametrize("name", LOCALES)
def test_both_ways_of_reading_agree_where_the_last_row_tells_all(name: str, tmp_path: Path) -> None:
    rows = [(1_000 * number, 23_400, 5.0, True, 1 + number) for number in range(1, 10)]
    path = write(tmp_path / "a.csv", LOCALES[name], rows)
    assert_frame_equal(read_whole(path), read_streamed(path))
