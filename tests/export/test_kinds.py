"""Whole kinds of exports, each made here: read right at the first try, or stopped with a setting.

The files are those of twelve invented accounts as people of a market, or a tool, would have them.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
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


ARABIC = "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
MARKETS: dict[str, tuple[Sequence[str], Write, Write, tuple[str, str], str, str]] = {
    "de": (
        ["Benutzername", "Follower", "Gefolgt", "Likes", "Videos", "Engagement-Rate",
         "Verifiziert"],
        grouped("."), share(","), ("nein", "ja"), "%d.%m.%Y", "cp1252",
    ),
    "fr": (
        ["Nom d'utilisateur", "Abonn\u00e9s", "Abonnements", "J'aime", "Vid\u00e9os",
         "Taux d'engagement", "V\u00e9rifi\u00e9"],
        grouped("\u00a0"), share(","), ("non", "oui"), "%d/%m/%Y", "cp1252",
    ),
    "es": (
        ["Usuario", "Seguidores", "Siguiendo", "Me gusta", "V\u00eddeos",
         "Tasa de interacci\u00f3n", "Verificado"],
        grouped("."), share(","), ("no", "s\u00ed"), "%d/%m/%y", "utf-8-sig",
    ),
    "pl": (
        ["Nazwa u\u017cytkownika", "Obserwuj\u0105cy", "Obserwowani", "Polubienia", "Filmy",
         "Wska\u017anik zaanga\u017cowania", "Zweryfikowany"],
        grouped("\u00a0"), share(","), ("nie", "tak"), "%d.%m.%y", "cp1250",
    ),
    "tr": (
        ["Kullan\u0131c\u0131 ad\u0131", "Takip\u00e7i", "Takip edilen", "Be\u011feni", "Video",
         "Etkile\u015fim oran\u0131", "Do\u011frulanm\u0131\u015f"],
        grouped("."), share(",", "%{}"), ("hay\u0131r", "evet"), "%d.%m.%Y", "cp1254",
    ),
    "ru": (
        ["\u0418\u043c\u044f",
         "\u041f\u043e\u0434\u043f\u0438\u0441\u0447\u0438\u043a\u0438",
         "\u041f\u043e\u0434\u043f\u0438\u0441\u043a\u0438", "\u041b\u0430\u0439\u043a\u0438",
         "\u0412\u0438\u0434\u0435\u043e",
         "\u0412\u043e\u0432\u043b\u0435\u0447\u0451\u043d\u043d\u043e\u0441\u0442\u044c",
         "\u0412\u0435\u0440\u0438\u0444\u0438\u0446\u0438\u0440\u043e\u0432\u0430\u043d"],
        grouped("\u00a0"), share(","), ("\u043d\u0435\u0442", "\u0434\u0430"), "%d.%m.%Y", "koi8-r",
    ),
    "ja": (
        ["\u30e6\u30fc\u30b6\u30fc\u540d", "\u30d5\u30a9\u30ed\u30ef\u30fc",
         "\u30d5\u30a9\u30ed\u30fc\u4e2d", "\u3044\u3044\u306d", "\u52d5\u753b\u6570",
         "\u30a8\u30f3\u30b2\u30fc\u30b8\u30e1\u30f3\u30c8\u7387", "\u8a8d\u8a3c"],
        myriads("\u4e07"), share(".", "{}%"), ("\u3044\u3044\u3048", "\u306f\u3044"), "%Y/%m/%d",
        "iso2022_jp",
    ),
    "ar": (
        ["\u0627\u0633\u0645 \u0627\u0644\u0645\u0633\u062a\u062e\u062f\u0645",
         "\u0627\u0644\u0645\u062a\u0627\u0628\u0639\u0648\u0646", "\u064a\u062a\u0627\u0628\u0639",
         "\u0627\u0644\u0625\u0639\u062c\u0627\u0628\u0627\u062a",
         "\u0627\u0644\u0641\u064a\u062f\u064a\u0648\u0647\u0627\u062a",
         "\u0645\u0639\u062f\u0644 \u0627\u0644\u062a\u0641\u0627\u0639\u0644",
         "\u0645\u0648\u062b\u0642"],
        grouped("\u066c", ARABIC), share("\u066b", "{}\u066a", ARABIC),
        ("\u0644\u0627", "\u0646\u0639\u0645"), "%Y-%m-%d", "utf-16",
    ),
}  # fmt: skip
"""Names of the columns, how counts, rates and flags are written, dates, and an encoding."""


def written(market: str) -> list[list[str]]:
    names, count, rate, flags, day, _ = MARKETS[market]
    rows = [
        [
            handle,
            *(count(int(row[name])) for name in ("followers", "following", "likes", "videos")),
            rate(row["engagement_rate"]),
            flags[int(row["is_verified"])],
            DAY.strftime(day),
        ]
        for handle, row in TRUTH.iterrows()
    ]
    return [[*names, "Date" if market != "ja" else "\u65e5\u4ed8"], *rows]


def as_csv(rows: Sequence[Sequence[object]], mark: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue()


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
    rows, encoding = written(market), MARKETS[market][-1]
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
def test_the_handle_is_found_beside_a_display_name(tmp_path: Path, header: str, form: str) -> None:
    rows = [[form.format(n, one), TRUTH["followers"].iloc[n]] for n, one in enumerate(HANDLES)]
    (tmp_path / "a.csv").write_text(as_csv([[header, "Follower"], *rows], ";"))
    assert_right(tmp_path / "a.csv", ["followers"])


def test_names_of_people_are_not_taken_for_their_accounts(tmp_path: Path) -> None:
    rows = [[f"Ann {one}", 1000] for one in "abcdefghijkl"]
    (tmp_path / "a.csv").write_text(as_csv([["Name", "Follower"], *rows], ";"))
    with pytest.raises(InputError, match=r"data\.columns\.account_id"):
        read_export(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("total", "mean"),
    [
        ("Gesamtergebnis", "Durchschnitt"), ("Total g\u00e9n\u00e9ral", "Moyenne"),
        ("Total (12 accounts)", "\u00d8"), ("Summe: 12", "Mittelwert"),
        ("\u7dcf\u8a08", "\u5e73\u5747"),
        ("\u0418\u0442\u043e\u0433\u043e", "\u0441\u0440\u0435\u0434\u043d\u0435\u0435"),
    ],
)  # fmt: skip
def test_rows_that_sum_up_are_no_accounts(tmp_path: Path, total: str, mean: str) -> None:
    rows = [[one, TRUTH["followers"][one]] for one in HANDLES]
    rows += [[total, TRUTH["followers"].sum()], [mean, round(TRUTH["followers"].mean())]]
    (tmp_path / "a.csv").write_text(as_csv([["username", "followers"], *rows], ","))
    assert_right(tmp_path / "a.csv", ["followers"])


def test_a_handle_that_begins_as_a_total_does_stays_an_account(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,followers\nsum41,100\ntotal_ann,200\n@average,300\n")
    export = read_export(tmp_path / "a.csv")
    assert export.frame["account_id"].to_list() == ["sum41", "total_ann", "average"]


@pytest.mark.parametrize("column", ["followers", "likes", "videos", "engagement_rate"])
@pytest.mark.parametrize("factor", [0.001, 0.01, 100, 1000, 1_000_000])
def test_a_unit_that_nothing_says_is_asked_for(tmp_path: Path, column: str, factor: float) -> None:
    scaled = TRUTH.drop(columns="is_verified").astype(float)
    scaled[column] = (scaled[column] * factor).round(9)
    scaled.rename_axis("username").to_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"data\.units\."):
        read_export(tmp_path / "a.csv")


def test_a_share_that_its_name_calls_percent_and_its_values_do_not_is_asked_for(
    tmp_path: Path,
) -> None:
    renamed = TRUTH.rename(columns={"engagement_rate": "Engagement rate (percent)"})
    renamed.rename_axis("username").to_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"0\.0468 as 4\.68 %"):
        read_export(tmp_path / "a.csv")
    export = read_export(tmp_path / "a.csv", units={"engagement_rate": "fraction"})
    assert np.allclose(export.frame["engagement_rate"], TRUTH["engagement_rate"])


def test_likes_of_an_average_video_are_not_taken_for_those_of_all(tmp_path: Path) -> None:
    likes = (TRUTH["followers"] * TRUTH["engagement_rate"]).round()
    table = TRUTH.assign(likes=likes).drop(columns=["engagement_rate", "is_verified"])
    table.rename_axis("username").to_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"data\.columns\.average_likes"):
        read_export(tmp_path / "a.csv")
    export = read_export(tmp_path / "a.csv", columns={"average_likes": "likes"})
    assert "likes" not in export.frame
    assert np.allclose(export.frame["like_rate"], TRUTH["engagement_rate"], rtol=0.01)


def test_a_short_year_before_tiktok_is_no_year(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("username,followers,date\nana,100,23.08.12\nbea,200,23.08.12\n")
    export = read_export(tmp_path / "a.csv")
    assert "collected_at" not in export.frame
