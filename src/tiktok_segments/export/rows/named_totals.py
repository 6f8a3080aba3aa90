"""Rows that sum up the others, told by what they are called: totals and averages."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.handles import are_bare
from tiktok_segments.cells.texts import is_text

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
    "zwischensumme", "teilsumme", "sous-total", "subtotale", "subtotaal", "tussentotaal",
    "delsumma", "подытог", "промежуточный итог", "ara toplam", "suma częściowa", "mezisoučet",
    "小计", "소계",
)  # fmt: skip


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
    if not is_text(accounts.type):
        return totals
    known = pa.array(_TOTALS, accounts.type)
    totals |= np.asarray(pc.is_in(accounts, value_set=known).to_numpy())
    unusual = pc.invert(are_bare(accounts)).fill_null(False)
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


def may_be_totals(accounts: pa.ChunkedArray) -> np.ndarray:
    """Say which rows a word for a total begins or ends with others: a group's, if it sums one up.

    Examples
    --------
    >>> cells = ["ana", "Subtotal Nano", "Nano total", "Zoe Totally"]
    >>> may_be_totals(pa.chunked_array([cells])).tolist()
    [False, True, True, False]
    """
    found = np.zeros(len(accounts), dtype=bool)
    if not is_text(accounts.type):
        return found
    unusual = pc.invert(are_bare(accounts)).fill_null(False)
    texts = accounts.filter(unusual)
    several = pc.match_substring_regex(texts, r"\S\s+\S")
    likely = pc.and_(several, pc.match_substring_regex(texts, _PERHAPS_A_TOTAL))
    places = np.flatnonzero(unusual.to_numpy())[likely.to_numpy()]
    found[places] = [_names_total(text) for text in texts.filter(likely).to_pylist()]
    return found


def _names_total(text: str) -> bool:
    """Say whether a text begins or ends with a total's name."""
    words = _words(text)
    ends = (words[:1], words[:2], words[-1:], words[-2:])
    return any(" ".join(end) in _KNOWN_TOTALS for end in ends)


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


def _words(text: str) -> list[str]:
    """Words of a text, in one spelling."""
    return [word for word in _MARKS.split(unicodedata.normalize("NFKC", text).casefold()) if word]


def _sums_up(text: str) -> bool:
    """Say whether a text is a total's name with what it is the total of."""
    words = _words(text)
    for length in range(min(len(words), 3), 0, -1):
        if " ".join(words[:length]) in _KNOWN_TOTALS:
            left = words[length:]
            return all(_SUMMED.fullmatch(word) or word in _KNOWN_TOTALS for word in left)
    return False


_KNOWN_TOTALS = frozenset(" ".join(_words(total)) for total in _TOTALS)
_LONGEST_WORDS = sorted({max(_words(total), key=len) for total in _TOTALS if total.isascii()})
_PERHAPS_A_TOTAL = rf"(?i)[^ -~]|{'|'.join(_LONGEST_WORDS)}"
"""A total's name in plain letters has one of these words; other letters have several spellings."""
_BEHIND_FIRST = r"[\s()\[\]{}:=/|&+*,;.\x{2013}\x{2014}\x{ff08}\x{ff1a}0-9-].*$"
_FIRST_WORDS = sorted({re.split(r"[\s-]", word)[0] for word in _TOTALS})
"""What a total's name begins with."""
