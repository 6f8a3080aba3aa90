"""Yes-or-no flags in the languages of the large markets, whole columns at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tiktok_segments.cells.distinct import Distinct, find_distinct
from tiktok_segments.cells.folding import normalise
from tiktok_segments.cells.texts import as_strings

_YES = {
    "": "true, t, yes, y, o, on, checked, verified, verified account, account verified, si, s,"
    "verified badge, has badge, blue check, blue checkmark, blue tick, checkmark, verified user,"
    "verificado, verificada, cuenta verificada, conta verificada",
    "de": "ja, j, wahr, verifiziert, verifiziertes konto, bestätigt",
    "fr": "oui, vrai, vérifié, vérifiée, compte vérifié, certifié, certifiée, compte certifié",
    "es": "sí, verdadero, cierto",
    "pt": "sim, verdadeiro",
    "it": "vero, verificato, verificata, account verificato",
    "nl": "waar, geverifieerd, geverifieerd account",
    "pl": "tak, prawda, zweryfikowany, zweryfikowana, zweryfikowane",
    "ru": "да, истина, верифицирован, верифицирована, подтверждён, подтверждена, подтверждённый,"
    "проверен, галочка",
    "uk": "так, верифіковано, верифікований, верифікована, підтверджено, підтверджений",
    "tr": "evet, doğru, doğrulanmış, doğrulandı, onaylı, onaylanmış",
    "id": "ya, iya, benar, terverifikasi, sudah terverifikasi",
    "vi": "có, đúng, đã xác minh",
    "ja": "はい, 真, 有, あり, 認証済み, 認証済, 公式, 公式マーク",
    "ko": "예, 네, 참, 인증, 인증됨, 인증완료",
    "zh": "是, 对, 對, 真, 有, 已认证, 已認證, 认证, 認證, 已验证, 已驗證",
    "ar": "نعم, صحيح, موثق, موثقة, حساب موثق",
    "fa": "بله, تایید شده",
    "hi": "हाँ, हां, जी हाँ, सत्य, सत्यापित",
    "cs": "ano, ověřeno, ověřený",
    "ro": "adevărat",
    "sv": "sant, verifierad",
    "th": "ใช่",
}
_NO = {
    "": "false, f, no, n, off, unchecked, not verified, unverified, non verified, none verified,"
    "no badge, verified false",
    "de": "nein, falsch, nicht verifiziert, unverifiziert, nicht bestätigt",
    "fr": "non, faux, non vérifié, non vérifiée, pas vérifié, non certifié, non certifiée",
    "es": "falso, no verificado, no verificada, sin verificar",
    "pt": "não, não verificado, não verificada",
    "it": "non verificato, non verificata",
    "nl": "nee, onwaar, niet geverifieerd",
    "pl": "nie, fałsz, niezweryfikowany, niezweryfikowana, niezweryfikowane, nie zweryfikowany",
    "ru": "нет, ложь, не верифицирован, не верифицирована, не подтверждён, не подтверждена,"
    "неверифицирован, неподтверждён, не проверен",
    "uk": "ні, хибність, не верифіковано, не верифікований, не підтверджено",
    "tr": "hayır, yanlış, doğrulanmamış, doğrulanmadı, onaylanmamış, onaysız",
    "id": "tidak, bukan, salah, tidak terverifikasi, belum terverifikasi",
    "vi": "không, sai, chưa xác minh",
    "ja": "いいえ, 偽, 無, なし, 未認証, 非公式",
    "ko": "아니오, 아니요, 거짓, 미인증, 인증안됨",
    "zh": "否, 不是, 假, 无, 無, 未认证, 未認證, 未验证, 未驗證, 错, 錯",
    "ar": "لا, خطأ, غير موثق, غير موثقة",
    "fa": "خیر, نه",
    "hi": "नहीं, जी नहीं, असत्य, असत्यापित",
    "cs": "ne, neověřeno, neověřený",
    "ro": "nu, fals",
    "sv": "nej, falskt, inte verifierad",
    "th": "ไม่, ไม่ใช่",
}
_NULLS = frozenset({"", "null", "n/a", "na", "-", "--", "none", "nan", "#n/a", "nil",
                    "undefined", r"\n", "<na>"})  # fmt: skip
_CROSSES = frozenset({"x", "\u0445"})
"""A cross marks whom it stands beside, but says no beside circles, ticks or a yes."""
_DIGITS = {
    **dict.fromkeys(("1", "1.0", "b'1'", r"b'\x01'"), "yes"),
    **dict.fromkeys(("0", "0.0", "b'0'", r"b'\x00'"), "no"),
    **dict.fromkeys(("-1", "-1.0"), "minus"),
}
_YES_MARKS, _NO_MARKS = frozenset("✓✔✅☑🔵○◯◉〇ㅇ"), frozenset("✗✘❌❎☒☐×✖⛔🚫")


def _words(by_language: dict[str, str]) -> dict[str, frozenset[str]]:
    """Return each word's languages; none for what is said in several."""
    languages: dict[str, set[str]] = {}
    for code, words in by_language.items():
        for word in words.split(","):
            languages.setdefault(normalise(word), set()).add(code)
    return {word: frozenset(codes - {""}) for word, codes in languages.items()}


_YES_WORDS, _NO_WORDS = _words(_YES), _words(_NO)


def prepare_flags(cells: pa.ChunkedArray) -> pa.ChunkedArray | Distinct:
    """Find a column's distinct texts; booleans without a gap stay what they are."""
    if pa.types.is_boolean(cells.type) and not cells.null_count:
        return cells
    return find_distinct(as_strings(cells))


def read_flags(
    cells: pa.ChunkedArray | Distinct,
    *,
    silent: float | None = None,
    crosses: bool | None = None,
    minus: bool | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Yes or no: true/false, 1/0, yes/no, ja/nein, да/нет, and 1/empty where nothing says no.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Distinct
        Texts, numbers or booleans; or what :func:`prepare_flags` has made of them.
    silent : float, optional
        What a cell says that says nothing, as :func:`settle_flags` has it of the whole column,
        where these cells are a part of it.
    crosses : bool, optional
        Whether a cross says yes, as :func:`settle_crosses` has it of the whole column.
    minus : bool, optional
        Whether -1 does, as :func:`settle_minus` has it; else it is unreadable.

    Returns
    -------
    values : ndarray of float64, shape (n_rows,)
        1, 0, or NaN where missing.
    unreadable : ndarray of bool, shape (n_rows,)
        Cells that say neither.

    Examples
    --------
    >>> read_flags(pa.chunked_array([["yes", "FALSE", "", "maybe"]]))[0].tolist()
    [1.0, 0.0, nan, nan]
    >>> read_flags(pa.chunked_array([["1", "", ""]]))[0].tolist()
    [1.0, 0.0, 0.0]
    >>> read_flags(pa.chunked_array([["Sí", "NÃO", "✅", "いいえ"]]))[0].tolist()
    [1.0, 0.0, 1.0, 0.0]
    >>> read_flags(pa.chunked_array([["O", "X"]]))[0].tolist()
    [1.0, 0.0]
    """
    ready = cells if isinstance(cells, Distinct) else prepare_flags(cells)
    if not isinstance(ready, Distinct):
        return ready.cast(pa.float64()).to_numpy().copy(), np.zeros(len(ready), dtype=bool)
    said = [_say(text) for text in ready.texts.to_pylist()]
    if silent is None:
        silent = settle_flags(flags_in(ready))
    if crosses is None:
        crosses = settle_crosses(flags_in(ready))
    if minus is None:
        minus = settle_minus(flags_in(ready))
    meaning = {"yes": 1.0, "no": 0.0, "nothing": silent, "unreadable": np.nan}
    meaning |= {"cross": float(crosses), "minus": 1.0 if minus else np.nan}
    wrong = {"unreadable"} if minus else {"unreadable", "minus"}
    values = np.array([meaning[word] for word in said], dtype=np.float64)
    unreadable = np.array([word in wrong for word in said], dtype=bool)
    return ready.spread(values, silent), ready.spread(unreadable, False)


def _say(text: str) -> str:
    """Return what a folded text says: yes, no, nothing, or unreadable."""
    if text in _NULLS:
        return "nothing"
    if text.strip() in _CROSSES:
        return "cross"
    if any(character.isdigit() for character in text):
        return _DIGITS.get(text, "unreadable")
    word = normalise(text)
    yes, no = word in _YES_WORDS, word in _NO_WORDS
    if not word:
        yes, no = not _YES_MARKS.isdisjoint(text), not _NO_MARKS.isdisjoint(text)
    return {(True, False): "yes", (False, True): "no"}.get((yes, no), "unreadable")


def flags_in(cells: pa.ChunkedArray | Distinct) -> frozenset[str]:
    """Return what the cells of a column of flags say, for :func:`settle_flags`.

    Parameters
    ----------
    cells : pyarrow.ChunkedArray or Distinct
        The column, or a part of it.

    Returns
    -------
    frozenset of str
        ``yes``, ``cross``, ``minus`` (-1), ``other`` (a no, or something unreadable), ``word``
        (such a one that is neither 0 nor -1) and ``language ...`` for each language that a word is
        of; what parts say is the union of it.

    Examples
    --------
    >>> sorted(flags_in(pa.chunked_array([["evet", "", "evet"]])))
    ['language tr', 'yes']
    """
    ready = cells if isinstance(cells, Distinct) else prepare_flags(cells)
    texts = (
        ready.texts.to_pylist()
        if isinstance(ready, Distinct)
        else [str(flag).lower() for flag in ready.unique().to_pylist()]
    )
    said = {_say(text) for text in texts}
    words = {normalise(text) for text in texts}
    spoken = {
        code
        for known in (_YES_WORDS, _NO_WORDS)
        for word in known.keys() & words
        if len(known[word]) == 1
        for code in known[word]
    }
    told = {"yes", "cross", "minus"} & said
    told |= {"other"} if said & {"no", "unreadable", "minus"} else set()
    if any(text not in _DIGITS and _say(text) in {"no", "unreadable"} for text in texts):
        told.add("word")
    return frozenset(told | {f"language {code}" for code in spoken})


def settle_flags(said: frozenset[str]) -> float:
    """Say what an empty cell means: without any "no" in the column, it says no.

    Examples
    --------
    >>> settle_flags(frozenset({"yes"})), settle_flags(frozenset({"yes", "other"}))
    (0.0, nan)
    """
    alike = ("yes" in said) != ("cross" in said)
    return 0.0 if alike and "other" not in said else np.nan


def settle_crosses(said: frozenset[str]) -> bool:
    """Say whether a cross says yes: where nothing else in the column does.

    Examples
    --------
    >>> settle_crosses(frozenset({"cross"})), settle_crosses(frozenset({"cross", "yes"}))
    (True, False)
    """
    return "yes" not in said


def settle_minus(said: frozenset[str]) -> bool:
    """Say whether -1 says yes, as Access writes it: where there is nothing but -1 and 0.

    Examples
    --------
    >>> settle_minus(frozenset({"minus", "other"})), settle_minus(frozenset({"minus", "yes"}))
    (True, False)
    """
    return "minus" in said and said.isdisjoint({"yes", "cross", "word"})
