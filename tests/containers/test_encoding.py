from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_segments.containers.encoding import first_bad_byte, to_utf8
from tiktok_segments.errors import InputError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read_without_a_warning(encoding: str) -> None:
    text = "naïve 💎\n" * 3
    assert to_utf8(text.encode(encoding), "x.csv") == (text.encode(), [])


def test_the_first_byte_that_is_not_utf8_is_named_with_its_line() -> None:
    text, warnings = to_utf8("a\nb💎".encode() + b"\xe9\x81", "x.csv")
    assert text.decode() == "a\nb💎é\ufffd"
    assert warnings == [
        "x.csv is not UTF-8: byte 0xE9 at position 7, line 2; such bytes were read as cp1252"
    ]


def test_half_a_character_of_utf16_is_refused() -> None:
    with pytest.raises(InputError, match=r"x\.csv is damaged as utf-16-le"):
        to_utf8(b"\xff\xfea", "x.csv")


@given(st.binary(max_size=30))
def test_the_first_bad_byte_is_the_one_that_python_names(data: bytes) -> None:
    try:
        data.decode()
        expected = None
    except UnicodeDecodeError as error:
        expected = error.start
    assert first_bad_byte(data) == expected


def test_a_character_across_two_chunks_is_no_bad_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiktok_segments.containers.encoding.CHUNK", 3)
    assert first_bad_byte("aa💎é".encode()) is None
    assert first_bad_byte("aa💎".encode() + b"\xe9a") == 6
