"""Rows of an export that are no TikTok accounts: those of other platforms, totals and averages."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.texts import as_strings

_TIKTOK = r"(?i)tik\s*tok|抖音|douyin|^\s*tt\s*$"
_OTHERS = (
    r"(?i)instagram|^\s*ig\s*$|you\s*tube|^\s*yt\s*$|facebook|twitter|^\s*x\s*$|snapchat|twitch|"
    r"pinterest|linkedin|threads|likee|kuaishou|kwai|telegram|bilibili|weibo|red\s?note|"
    r"xiaohongshu|小红书|快手|微博|\bvk\b|вконтакте|\bfb\b|\binsta\b|reddit|discord|lemon8"
)
_OTHER_HOSTS = (
    r"(?i)(?:^|//|\.)(?:instagram|youtube|facebook|twitter|x|twitch|snapchat|pinterest|linkedin|"
    r"threads|kwai|likee|bilibili|weibo|xiaohongshu|vk|kuaishou)\.(?:com|net|tv|cn|ru|video)(?:/|$)|"
    r"(?:^|//)youtu\.be/"
)
_MOST_PLATFORMS = 30
"""Different names beyond which a column is no column of platforms."""

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
    "المتوسط", "कुल", "औसत", "योग", "รวม", "เฉลี่ย", "합", "合計値", "計", "summary", "overall",
    "averages", "mean value", "sums", "totalt", "genomsnitt", "celkem", "průměr", "جمع", "میانگین",
    "الإجمالي", "إجمالي", "المعدل", "ogółem", "średnio", "insgesamt", "gemiddeld", "em média",
    "en promedio", "en moyenne", "medyan", "медиана", "中央値", "中位数", "중앙값",
)  # fmt: skip


def of_tiktok(cells: pa.ChunkedArray) -> np.ndarray:
    """Say of which rows the platform is TikTok, or not said.

    Examples
    --------
    >>> of_tiktok(pa.chunked_array([["TikTok", "instagram", None]])).tolist()
    [True, False, True]

    Where each platform is named once, in the first of its rows, it is that of the rows below, too:

    >>> of_tiktok(pa.chunked_array([["Instagram", None, "TikTok", None]])).tolist()
    [False, False, True, True]
    """
    texts = cells.cast(pa.string())
    silent = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0).fill_null(True).to_numpy()
    ours = pc.match_substring_regex(texts, _TIKTOK).fill_null(False).to_numpy()
    named = np.flatnonzero(~silent)
    if _name_groups(texts, silent, named):
        of = np.searchsorted(named, np.arange(len(silent)), side="right") - 1
        return np.asarray(ours[named[of]], dtype=bool)
    return np.asarray(silent | ours, dtype=bool)


def _name_groups(texts: pa.ChunkedArray, silent: np.ndarray, named: np.ndarray) -> bool:
    """Say whether platforms stand over groups of rows, as in cells that were merged."""
    if not 2 <= len(named) <= _MOST_PLATFORMS or silent[0] or silent.mean() < 0.5:
        return False
    return bool(pc.count_distinct(texts.take(pa.array(named))).as_py() == len(named))


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

    An ``@`` in front makes the word a handle. What may be a handle, as max, sums up beside a row
    that does.

    Examples
    --------
    >>> cells = ["ana", "Total (2 creators)", "Max", "@average", "Durchschnitt:", "max"]
    >>> are_totals(pa.chunked_array([cells])).tolist()
    [False, True, True, False, True, True]
    """
    totals = np.zeros(len(accounts), dtype=bool)
    if not (pa.types.is_string(accounts.type) or pa.types.is_large_string(accounts.type)):
        return totals
    known = pa.array(_TOTALS, accounts.type)
    totals |= np.asarray(pc.is_in(accounts, value_set=known).to_numpy())
    rest = pc.ascii_ltrim(accounts, _IN_HANDLES)
    unusual = pc.greater(pc.binary_length(rest), 0).fill_null(False)
    no_handle = pc.match_substring_regex(accounts.filter(unusual), _NO_HANDLE)
    places = np.flatnonzero(unusual.to_numpy())[no_handle.to_numpy()]
    if len(places):
        words = pc.utf8_lower(pc.utf8_trim_whitespace(accounts.take(places)))
        first = pc.replace_substring_regex(words, _BEHIND_FIRST, "")
        likely = pc.is_in(first, value_set=pa.array(_FIRST_WORDS, accounts.type))
        places = places[likely.to_numpy()]
        totals[places] = [_sums_up(text) for text in words.filter(likely).to_pylist()]
    if totals.any():
        lower = pc.utf8_lower(pc.utf8_trim_whitespace(accounts))
        beside = pc.is_in(lower, value_set=pa.array(_BESIDE_TOTALS, lower.type)).to_numpy()
        before = np.zeros_like(totals)
        while not np.array_equal(before, totals):
            before = totals.copy()
            totals[1:] |= before[:-1] & beside[1:]
            totals[:-1] |= before[1:] & beside[:-1]
    return totals


_IN_HANDLES = "abcdefghijklmnopqrstuvwxyz0123456789._"
_NO_HANDLE = r"^[^@/]*[^a-z0-9._@/][^@]*$"
_BESIDE_TOTALS = (
    "max", "min", "maximum", "minimum", "count", "n", "std", "sd", "stdev", "anzahl", "mode",
    "25%", "50%", "75%", "最大", "最小", "最大値", "最小値", "макс", "мин", "максимум", "минимум",
)  # fmt: skip
_SUMMED = re.compile(
    r"of|all|the|creators|creator|accounts|account|influencers|influencer|profiles|profile"
    r"|rows|followers|follower|likes|videos|records|users|sum|average|mean|avg|count|value"
    r"|row|per|in|der|aller|konten|de|des|du|los|las|dos|das|comptes|cuentas|contas"
    r"|creadores|criadores|件|名|人|个|個|명|개|и|по|всем|всего|blogger|bloggers|kols|kol|entries"
)
"""Words behind a total."""
_MARKS = re.compile(r"[\s()\[\]{}:=/|&+*,;.\u2013\u2014-]+|\d+")


def _sums_up(text: str) -> bool:
    """Say whether a text is a total's name with what it is the total of."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = [word for word in _MARKS.split(folded) if word]
    for length in range(min(len(words), 3), 0, -1):
        if " ".join(words[:length]) in _KNOWN_TOTALS:
            left = words[length:]
            return all(_SUMMED.fullmatch(word) or word in _KNOWN_TOTALS for word in left)
    return False


_KNOWN_TOTALS = frozenset(unicodedata.normalize("NFKC", word) for word in _TOTALS)
_BEHIND_FIRST = r"[\s()\[\]{}:=/|&+*,;.\x{2013}\x{2014}\x{ff08}\x{ff1a}0-9-].*$"
_FIRST_WORDS = sorted({re.split(r"[\s-]", word)[0] for word in _TOTALS})
"""What a total's name begins with."""


def on_another_platform(addresses: pa.ChunkedArray) -> np.ndarray:
    """Say which addresses lie on another platform than TikTok.

    Examples
    --------
    >>> cells = ["https://www.tiktok.com/@ana", "https://youtu.be/x", "instagram.com/ana", None]
    >>> on_another_platform(pa.chunked_array([cells])).tolist()
    [False, True, True, False]
    """
    texts = as_strings(addresses)
    found = np.zeros(len(texts), dtype=bool)
    others = pc.invert(pc.match_substring(texts, "tiktok.com")).fill_null(False)
    places = np.flatnonzero(others.to_numpy())
    if len(places):
        found[places] = pc.match_substring_regex(texts.filter(others), _OTHER_HOSTS).to_numpy()
    return found


def lie_on_tiktok(addresses: pa.ChunkedArray) -> bool:
    """Say whether most of the addresses lie on TikTok.

    Examples
    --------
    >>> lie_on_tiktok(pa.chunked_array([["https://www.tiktok.com/@ana", None]]))
    True
    """
    given = as_strings(addresses).drop_null()
    given = given.filter(pc.match_substring(given, "."))
    if not len(given):
        return False
    on_it = pc.match_substring_regex(given, r"(?i)\btiktok\.com/")
    return bool(pc.mean(on_it.cast(pa.int8())).as_py() > 0.5)


def name_platforms(cells: pa.ChunkedArray) -> bool:
    """Say whether a column holds nothing but platforms, and TikTok among them.

    Examples
    --------
    >>> name_platforms(pa.chunked_array([["TikTok", "IG", None]]))
    True
    >>> name_platforms(pa.chunked_array([["TikTok fan", "Ann of TikTok"]]))
    False
    """
    texts = as_strings(cells).drop_null()
    if not len(texts):
        return False
    left = pc.replace_substring_regex(texts, f"{_TIKTOK}|{_OTHERS}", "")
    bare = pc.invert(pc.match_substring_regex(left, r"[\pL\pN]"))
    few = pc.count_distinct(texts).as_py() <= _MOST_PLATFORMS
    return few and names_tiktok(texts) and bool(pc.all(bare).as_py())
