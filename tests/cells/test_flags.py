from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from tiktok_segments.cells.flags import flags_in, read_flags

PAIRS = {
    "en": ("Yes", "No"), "de": ("Ja", "Nein"), "de words": ("WAHR", "FALSCH"),
    "fr": ("Oui", "Non"), "fr words": ("VRAI", "FAUX"), "es": ("Sí", "No"),
    "es bare": ("SI", "NO"), "es words": ("VERDADERO", "FALSO"), "pt": ("Sim", "Não"),
    "pt bare": ("sim", "nao"), "pt words": ("Verdadeiro", "Falso"), "it": ("VERO", "FALSO"),
    "ru": ("Да", "Нет"), "ru words": ("ИСТИНА", "ЛОЖЬ"), "uk": ("Так", "Ні"),
    "pl": ("Tak", "Nie"), "pl words": ("PRAWDA", "FAŁSZ"), "tr": ("EVET", "HAYIR"),
    "tr small": ("Evet", "Hayır"), "tr words": ("DOĞRU", "YANLIŞ"), "id": ("Ya", "Tidak"),
    "ja": ("はい", "いいえ"), "zh": ("是", "否"), "zh words": ("真", "假"), "ko": ("예", "아니오"),
    "ar": ("نعم", "لا"), "hi": ("हाँ", "नहीं"), "vi": ("Có", "Không"), "nl": ("ja", "nee"),
    "verified": ("Verified account", "Not verified"), "marks": ("✅", "❌"),
    "with variation": ("☑\ufe0f", "✖\ufe0f"), "both": ("✅ Yes", "❌ no"),
    "badge": ("blue check", ""), "verifiziert": ("verifiziert", "nicht verifiziert"),
    "verificado": ("Verificado", "No verificado"), "vérifié": ("Vérifié", "Non vérifié"),
    "checked": ("已认证", "未认证"), "points": ("Ja.", "nein!"), "wide": ("ＹＥＳ", "ＮＯ"),
    "numbers": ("1", "0"), "Access": ("-1", "0"), "Airtable": ("checked", "unchecked"),
    "bits": ("b'1'", "b'0'"), "bytes": (r"b'\x01'", r"b'\x00'"),
    "computed": ('="TRUE"', '="FALSE"'), "decomposed": ("Si\u0301", "Na\u0303o"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAIRS)
def test_yes_and_no_are_read_in_every_language(kind: str) -> None:
    values, unreadable = read_flags(pa.chunked_array([[*PAIRS[kind]]]))
    assert values.tolist() == [1.0, 0.0]
    assert not unreadable.any()


@pytest.mark.parametrize("other", ["1", "yes", "nein", "2", "x"])
def test_minus_one_says_nothing_beside_anything_but_a_nought(other: str) -> None:
    values, unreadable = read_flags(pa.chunked_array([["-1", "0", other]]))
    assert pd.isna(values[0])
    assert unreadable[0]
    assert read_flags(pa.chunked_array([[-1, 0, None]]))[0][:2].tolist() == [1.0, 0.0]


def test_words_that_say_neither_are_unreadable_among_those_of_a_language() -> None:
    values, unreadable = read_flags(pa.chunked_array([["ja", "nein", "vielleicht", "-1", "10"]]))
    assert unreadable.tolist() == [False, False, True, True, True]
    assert pd.isna(values[2:]).all()


def test_words_of_one_language_tell_it() -> None:
    assert flags_in(pa.chunked_array([["Sim", "Não", ""]])) >= {"language pt", "yes", "other"}
    assert flags_in(pa.chunked_array([["no", ""]])) == {"other", "word"}


def test_booleans_say_the_same_in_parts_as_texts_do() -> None:
    assert flags_in(pa.chunked_array([[True, False]])) == {"yes", "other", "word"}
    assert flags_in(pa.chunked_array([[True, None]])) == {"yes"}
