"""Whole kinds of exports, each made here: read right at the first try, or stopped with a setting.

The files are those of twelve invented accounts as people of a market, or a tool, would have them.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError

HANDLES = [f"invented_{letter}{number}" for number, letter in enumerate("abcdefghijkl")]
TRUTH = pd.DataFrame(
    {
        "followers": [
            1250, 4870, 9460, 23400, 57800, 88150, 142300, 310900, 640200, 1480000,
            5320000, 23700000,
        ],
        "following": [12, 930, 77, 410, 88, 1200, 340, 95, 610, 20, 5, 150],
        "likes": [
            7500, 68200, 85100, 402000, 655000, 1200000, 2100000, 4400000, 7900000, 22000000,
            91000000, 480000000,
        ],
        "videos": [18, 240, 95, 310, 77, 420, 150, 660, 90, 1210, 530, 340],
        "engagement_rate": [
            0.091, 0.084, 0.077, 0.0496, 0.0542, 0.0468, 0.041, 0.0375, 0.031, 0.0268,
            0.0196, 0.012,
        ],
        "is_verified": [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1],
    },
    index=HANDLES,
)  # fmt: skip
DAY = date(2023, 8, 12)

Write = Callable[[float], str]


def grouped(mark: str, digits: str = "0123456789") -> Write:
    table = str.maketrans("0123456789", digits)
    return lambda value: f"{value:,}".replace(",", mark).translate(table)


def share(mark: str, form: str = "{} %", digits: str = "0123456789") -> Write:
    table = str.maketrans("0123456789", digits)
    return lambda value: form.format(f"{value * 100:.2f}".replace(".", mark).translate(table))


def myriads(letter: str) -> Write:
    return lambda value: f"{value / 1e4:g}{letter}" if value >= 1e4 else f"{value:g}"


@dataclass(frozen=True)
class Market:
    """How people of a market write a table: names of its columns, values, and their encoding."""

    names: str
    count: Write
    rate: Write
    no_yes: str
    day: str
    encoding: str

    def table(self) -> list[list[str]]:
        """The twelve accounts, below the names."""
        counts, flags = ("followers", "following", "likes", "videos"), self.no_yes.split("|")
        rows = [
            [
                handle,
                *(self.count(int(row[name])) for name in counts),
                self.rate(row["engagement_rate"]),
                flags[int(row["is_verified"])],
                DAY.strftime(self.day),
            ]
            for handle, row in TRUTH.iterrows()
        ]
        return [self.names.split("|"), *rows]


ARABIC = "٠١٢٣٤٥٦٧٨٩"
MARKETS = {
    "de": Market(
        "Benutzername|Follower|Gefolgt|Likes|Videos|Engagement-Rate|Verifiziert|Date",
        grouped("."), share(","), "nein|ja", "%d.%m.%Y", "cp1252",
    ),
    "fr": Market(
        "Nom d'utilisateur|Abonnés|Abonnements|J'aime|Vidéos|Taux d'engagement|Vérifié|Date",
        grouped("\u00a0"), share(","), "non|oui", "%d/%m/%Y", "cp1252",
    ),
    "es": Market(
        "Usuario|Seguidores|Siguiendo|Me gusta|Vídeos|Tasa de interacción|Verificado|Date",
        grouped("."), share(","), "no|sí", "%d/%m/%y", "utf-8-sig",
    ),
    "pl": Market(
        "Nazwa użytkownika|Obserwujący|Obserwowani|Polubienia|Filmy|Wskaźnik zaangażowania|"
        "Zweryfikowany|Date",
        grouped("\u00a0"), share(","), "nie|tak", "%d.%m.%y", "cp1250",
    ),
    "tr": Market(
        "Kullanıcı adı|Takipçi|Takip edilen|Beğeni|Video|Etkileşim oranı|Doğrulanmış|Date",
        grouped("."), share(",", "%{}"), "hayır|evet", "%d.%m.%Y", "cp1254",
    ),
    "ru": Market(
        "Имя|Подписчики|Подписки|Лайки|Видео|Вовлечённость|Верифицирован|Date",
        grouped("\u00a0"), share(","), "нет|да", "%d.%m.%Y", "koi8-r",
    ),
    "ja": Market(
        "ユーザー名|フォロワー|フォロー中|いいね|動画数|エンゲージメント率|認証|日付",
        myriads("万"), share(".", "{}%"), "いいえ|はい", "%Y/%m/%d", "iso2022_jp",
    ),
    "ar": Market(
        "اسم المستخدم|المتابعون|يتابع|الإعجابات|الفيديوهات|معدل التفاعل|موثق|Date",
        grouped("\u066c", ARABIC), share("\u066b", "{}\u066a", ARABIC), "لا|نعم", "%Y-%m-%d",
        "utf-16",
    ),
}  # fmt: skip


def as_csv(rows: Sequence[Sequence[object]], mark: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


def in_workbook(rows: list[list[str]], path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Influencer 2023"], [], *rows):
        sheet.append(row)
    book.save(path)


def assert_right(path: Path, columns: Sequence[str] = tuple(TRUTH), rtol: float = 1e-6) -> None:
    export = read_export(path)
    frame = export.frame.set_index("account_id")
    assert sorted(frame.index) == HANDLES, (list(frame.index), export.rejected)
    for name in columns:
        found = frame.loc[HANDLES, name].astype(float)
        assert np.allclose(found, TRUTH[name], rtol=rtol, atol=1e-9), (name, found.to_list())
    if "collected_at" in frame:
        assert {str(one)[:10] for one in frame["collected_at"]} == {str(DAY)}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("container", ["workbook", "national csv", "tsv", "envelope", "zip"])
def test_an_export_of_any_market_is_read_at_the_first_try(
    tmp_path: Path, market: str, container: str
) -> None:
    rows, encoding = MARKETS[market].table(), MARKETS[market].encoding
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    path = tmp_path / "export"
    if container == "workbook":
        in_workbook(rows, path := path.with_suffix(".xlsx"))
    elif container == "national csv":
        path.write_bytes(as_csv(rows, ";").encode(encoding))
    elif container == "tsv":
        path.write_text(f"# TikTok\n\n{as_csv(rows, chr(9))}", encoding="utf-8")
    elif container == "envelope":
        path.write_text(json.dumps({"code": 0, "data": {"list": records, "total": 12}}))
    else:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("README.md", "Pulled in August.\n")
            packed.writestr("one.csv", as_csv(rows[:7], ","))
            packed.writestr("two.csv", as_csv([rows[0], *rows[7:]], ","))
    assert_right(path, rtol=1e-4)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Name", "Erfunden {0} @{1}"), ("NAME", "INVENTED = Erfunden @{1}"), ("Name", "{1}"),
        ("Influencer", "Erfunden {0} (@{1})"), ("Creator", "@{1}\nErfunden {0}"),
        ("Creator", "Erfunden | https://www.tiktok.com/@{1}?lang=de"),
    ],
)  # fmt: skip
def test_the_handle_is_found_beside_a_display_name(file: Path, header: str, form: str) -> None:
    rows = [[form.format(n, one), TRUTH["followers"].iloc[n]] for n, one in enumerate(HANDLES)]
    file.write_text(as_csv([[header, "Follower"], *rows], ";"))
    assert_right(file, ["followers"])


def test_names_of_people_are_not_taken_for_their_accounts(file: Path) -> None:
    rows = [[f"Ann {one}", 1000] for one in "abcdefghijkl"]
    file.write_text(as_csv([["Name", "Follower"], *rows], ";"))
    with pytest.raises(InputError, match=r"data\.columns\.account_id"):
        read_export(file)


@pytest.mark.parametrize(
    ("total", "mean"),
    [
        ("Gesamtergebnis", "Durchschnitt"), ("Total général", "Moyenne"),
        ("Total (12 accounts)", "Ø"), ("Summe: 12", "Mittelwert"),
        ("総計", "平均"),
        ("Итого", "среднее"),
    ],
)  # fmt: skip
def test_rows_that_sum_up_are_no_accounts(file: Path, total: str, mean: str) -> None:
    rows = [[one, TRUTH["followers"][one]] for one in HANDLES]
    rows += [[total, TRUTH["followers"].sum()], [mean, round(TRUTH["followers"].mean())]]
    file.write_text(as_csv([["username", "followers"], *rows], ","))
    assert_right(file, ["followers"])


def test_a_handle_that_begins_as_a_total_does_stays_an_account(file: Path) -> None:
    file.write_text("username,followers\nsum41,100\ntotal_ann,200\n@average,300\n")
    export = read_export(file)
    assert export.frame["account_id"].to_list() == ["sum41", "total_ann", "average"]


@pytest.mark.parametrize("column", ["followers", "likes", "videos", "engagement_rate"])
@pytest.mark.parametrize("factor", [0.001, 0.01, 100, 1000, 1_000_000])
def test_a_unit_that_nothing_says_is_asked_for(file: Path, column: str, factor: float) -> None:
    scaled = TRUTH.drop(columns="is_verified").astype(float)
    scaled[column] = (scaled[column] * factor).round(9)
    scaled.rename_axis("username").to_csv(file)
    with pytest.raises(InputError, match=r"data\.units\."):
        read_export(file)


def test_a_share_that_its_name_calls_percent_and_its_values_do_not_is_asked_for(
    file: Path,
) -> None:
    renamed = TRUTH.rename(columns={"engagement_rate": "Engagement rate (percent)"})
    renamed.rename_axis("username").to_csv(file)
    with pytest.raises(InputError, match=r"0\.0468 as 4\.68 %"):
        read_export(file)
    export = read_export(file, units={"engagement_rate": "fraction"})
    assert np.allclose(export.frame["engagement_rate"], TRUTH["engagement_rate"])


def test_likes_of_an_average_video_are_not_taken_for_those_of_all(file: Path) -> None:
    likes = (TRUTH["followers"] * TRUTH["engagement_rate"]).round()
    table = TRUTH.assign(likes=likes).drop(columns=["engagement_rate", "is_verified"])
    table.rename_axis("username").to_csv(file)
    with pytest.raises(InputError, match=r"data\.columns\.average_likes"):
        read_export(file)
    export = read_export(file, columns={"average_likes": "likes"})
    assert "likes" not in export.frame
    assert np.allclose(export.frame["like_rate"], TRUTH["engagement_rate"], rtol=0.01)


def test_a_short_year_before_tiktok_is_no_year(file: Path) -> None:
    file.write_text("username,followers,date\nana,100,23.08.12\nbea,200,23.08.12\n")
    export = read_export(file)
    assert "collected_at" not in export.frame
