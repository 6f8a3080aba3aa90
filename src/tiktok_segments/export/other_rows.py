"""Rows of an export that are no TikTok accounts: those of other platforms, totals and averages."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TIKTOK = r"(?i)tik\s*tok|抖音|douyin|^\s*tt\s*$"
_OTHERS = (
    r"(?i)instagram|^\s*ig\s*$|you\s*tube|^\s*yt\s*$|facebook|twitter|^\s*x\s*$|snapchat|twitch|"
    r"pinterest|linkedin|threads|likee|kuaishou|kwai|telegram"
)
_TOTALS = (
    "total", "totals", "grand total", "subtotal", "sum", "average", "avg", "mean", "median",
    "gesamt", "gesamtsumme", "summe", "durchschnitt", "mittelwert", "somme", "moyenne", "media",
    "promedio", "suma", "totale", "média", "soma", "gemiddelde", "totaal", "razem", "średnia",
    "итого", "всего", "среднее", "toplam", "ortalama", "jumlah", "rata-rata", "tổng", "trung bình",
    "gesamtergebnis", "total général", "total general", "totaux", "gran total", "total geral",
    "totale generale", "totale complessivo", "genel toplam", "общий итог", "итог", "сумма",
    "в среднем", "suma końcowa", "eindtotaal", "total keseluruhan", "tổng cộng", "overall total",
    "column total", "médiane", "mediana", "σ", "ø", "∑", "∅", "総計", "小計", "总和", "平均數",
    "총합계", "合計", "平均", "总计", "合计", "平均值", "總計", "합계", "평균", "المجموع",
    "المتوسط",
)  # fmt: skip


def of_tiktok(cells: pa.ChunkedArray) -> np.ndarray:
    """Say of which rows the platform is TikTok, or not said.

    Examples
    --------
    >>> of_tiktok(pa.chunked_array([["TikTok", "instagram", None]])).tolist()
    [True, False, True]
    """
    texts = cells.cast(pa.string())
    silent = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0).fill_null(True)
    named = pc.match_substring_regex(texts, _TIKTOK).fill_null(False)
    return np.asarray(pc.or_(silent, named).to_numpy(), dtype=bool)


def names_tiktok(cells: pa.ChunkedArray) -> bool:
    """Say whether a column of platforms has TikTok among them.

    Examples
    --------
    >>> names_tiktok(pa.chunked_array([["scraper", "manual"]]))
    False
    """
    return bool(pc.any(pc.match_substring_regex(cells.cast(pa.string()), _TIKTOK)).as_py())


def other_platform(cells: pa.ChunkedArray) -> str | None:
    """Return the other platform that a column without TikTok names; None where it names none.

    Examples
    --------
    >>> other_platform(pa.chunked_array([["Instagram", "YouTube"]]))
    'Instagram'
    """
    texts = cells.cast(pa.string()).drop_null()
    named = texts.filter(pc.match_substring_regex(texts, _OTHERS))
    return str(named[0].as_py()) if len(named) > len(texts) / 2 else None


def are_totals(accounts: pa.ChunkedArray) -> np.ndarray:
    """Say which rows sum up the others, by what stands in the account's place.

    An ``@`` in front makes the word a handle.

    Examples
    --------
    >>> are_totals(pa.chunked_array([["ana", "Total", "@average", "Durchschnitt:"]])).tolist()
    [False, True, False, True]
    """
    if not (pa.types.is_string(accounts.type) or pa.types.is_large_string(accounts.type)):
        return np.zeros(len(accounts), dtype=bool)
    # "Total (12 accounts)", "Summe: 12"
    bare = pc.replace_substring_regex(accounts, r"(?:\s*\([^()]*\)|(?:\s|\s?[:=])\s*\d+)\s*$", "")
    words = pc.utf8_rtrim(pc.utf8_lower(pc.utf8_trim_whitespace(bare)), characters=": ")
    return np.asarray(
        pc.is_in(words, value_set=pa.array(_TOTALS, words.type)).to_numpy(), dtype=bool
    )
