from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.containers.charset import recognise
from tiktok_segments.containers.encoding import first_bad_byte, to_utf8
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_records
from tiktok_segments.containers.records import NotStreamableError, put_together
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


LANGUAGES: dict[str, tuple[str, list[str]]] = {
    "Chinese": ("达人ID,粉丝数,昵称", ["小明同学", "美食探店", "旅行日记"]),
    "Taiwanese": ("用戶名,粉絲數,暱稱", ["台灣美食", "旅遊日記", "攝影小美"]),
    "Japanese": ("ユーザー名,フォロワー数,ニックネーム", ["さくら", "東京グルメ", "たろう"]),
    "Korean": ("사용자명,팔로워 수,닉네임", ["서울맛집", "여행일기", "김민수"]),
    "Russian": ("Имя пользователя,Подписчики,Имя", ["Анна", "Путешествия", "Рецепты дня"]),
    "Polish": ("Użytkownik,Obserwujący,Opis", ["Łukasz gotuje", "Małgorzata", "Żółw i spółka"]),
    "Turkish": ("Kullanıcı adı,Takipçi,İsim", ["Ayşe Işık", "Çağlar", "Şükrü Yıldız"]),
    "Arabic": ("اسم المستخدم,المتابعون,الاسم", ["محمد", "سارة", "مطبخ العرب"]),
    "French": ("Identifiant,Abonnés,Prénom", ["Chloé", "François", "Zoé et Éléonore"]),
    "German": ("Benutzer,Follower,Größe", ["Jürgen", "Müller & Söhne", "Häuser"]),
    "Spanish": ("Usuario,Seguidores,Año", ["Peña Muñoz", "Begoña", "Íñigo Ibáñez"]),
    "Portuguese": ("Usuário,Seguidores,Descrição", ["João", "Conceição", "Antônio"]),
}
CODE_PAGES = [
    *(("Chinese", "gb18030"), ("Chinese", "gbk"), ("Taiwanese", "big5"), ("Taiwanese", "cp950")),
    *(("Japanese", "cp932"), ("Japanese", "shift_jis"), ("Japanese", "euc_jp")),
    *(("Korean", "cp949"), ("Korean", "euc_kr"), ("Russian", "cp1251"), ("Russian", "koi8_r")),
    *(("Polish", "cp1250"), ("Turkish", "cp1254"), ("Turkish", "iso8859_9"), ("Arabic", "cp1256")),
    *(("Portuguese", "mac_roman"), ("Spanish", "mac_roman")),
    *(("French", "cp1252"), ("French", "latin-1"), ("German", "cp1252"), ("Portuguese", "cp1252")),
    *((language, wide) for language in LANGUAGES for wide in ("utf-16", "utf-16-le", "utf-16-be")),
    *((language, "utf-8") for language in LANGUAGES),
]


def table(language: str, header: str | None = None) -> str:
    own, names = LANGUAGES[language]
    rows = [f"invented_{n},{1250 * 3**n},{names[n % 3]}" for n in range(12)]
    return "\n".join([header or own, *rows]) + "\n"


def everything(names: Sequence[str]) -> list[int]:
    return list(range(len(names)))


def columns_of(path: Path, hints: Hints) -> tuple[list[str], list[list[str]], list[str]]:
    """Return names, columns and warnings of a file read whole, which are those of it in batches."""

    (whole,) = open_records(path, everything, hints)
    (stream,) = open_records(path, everything, hints, size=BatchSize(2, 64))
    records, batches = (put_together(list(one.batches())) for one in (whole, stream))
    columns = [column.to_pylist() for column in records.columns.values()]
    assert columns == [column.to_pylist() for column in batches.columns.values()]
    assert (whole.names, whole.place) == (stream.names, stream.place)
    assert records.warnings == batches.warnings
    assert records.lines.tolist() == batches.lines.tolist()
    return whole.names, columns, records.warnings


@pytest.mark.parametrize(("language", "encoding"), CODE_PAGES)
@pytest.mark.parametrize("header", ["username,followers,nickname", None])
def test_the_code_pages_that_people_have_are_recognised(
    tmp_path: Path, language: str, encoding: str, header: str | None
) -> None:
    text = table(language, header)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    names, columns, warnings = columns_of(tmp_path / "a.csv", Hints())
    assert names == text.splitlines()[0].split(",")
    assert columns[2] == [line.split(",")[2] for line in text.splitlines()[1:]]
    if encoding.startswith("utf"):
        assert warnings == []
    else:
        assert len(warnings) == 1
        assert warnings[0].startswith("a.csv is not UTF-8: ")
        assert warnings[0].endswith("data.encoding=NAME says another")


@pytest.mark.parametrize(("language", "encoding"), CODE_PAGES[:21])
def test_an_encoding_that_is_said_is_obeyed(tmp_path: Path, language: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(table(language).encode(encoding))
    names, _, warnings = columns_of(tmp_path / "a.csv", Hints(encoding=encoding))
    assert (names, warnings) == (LANGUAGES[language][0].split(","), [])


def test_columns_that_are_known_tell_the_encoding_where_the_letters_do_not(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    text = "username,Řada\nann,5\n".encode("iso8859-2")
    path.write_bytes(text)
    export = read_export(path, aliases=aliases, columns={"followers": "Řada"})
    assert export.frame["followers"].tolist() == [5]


def test_overrides_in_the_files_own_language_match(tmp_path: Path, aliases: dict[str, Any]) -> None:
    (tmp_path / "a.csv").write_bytes(table("Chinese").encode("gb18030"))
    named = {"account_id": "达人ID", "followers": "粉丝数", "nickname": "昵称"}
    export = read_export(tmp_path / "a.csv", aliases=aliases, columns=named)
    assert export.frame["nickname"].tolist()[:2] == ["小明同学", "美食探店"]
    assert export.warnings == (
        "a.csv is not UTF-8: read as gb18030; data.encoding=NAME says another",
    )
    with pytest.raises(InputError, match=r"line 1 \(read as gb18030\): no column.*\n.*粉丝数"):
        read_export(tmp_path / "a.csv", aliases=aliases, columns={"account_id": "达人"})


def test_a_file_that_is_not_in_the_encoding_said_is_refused_with_the_line(
    tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("username,followers\nann,1\nRené,2\n".encode("cp1252"))
    for encoding in ("utf-8", "ascii"):
        with pytest.raises(InputError, match=rf"a\.csv, line 3: byte 0xE9 is not {encoding}"):
            read_export(path, aliases=aliases, encoding=encoding)
    with pytest.raises(NotStreamableError):
        (one,) = open_records(path, lambda names: [0], Hints(encoding="utf-8"), size=BatchSize())
        list(one.batches())
    assert "data.encoding" in str(refusal(path, aliases, "utf-8"))


def refusal(path: Path, aliases: dict[str, Any], encoding: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_export(path, aliases=aliases, encoding=encoding)
    return caught.value


def test_a_mark_is_no_part_of_the_first_name_whatever_is_said(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "a.csv").write_bytes(table("French").encode(encoding))
        for said in (encoding, "utf-8" if encoding == "utf-8-sig" else "utf-16-le"):
            names, _, _ = columns_of(tmp_path / "a.csv", Hints(encoding=said))
            assert names[0] == "Identifiant"


def test_a_byte_that_the_recognised_encoding_lacks_is_named_with_its_line(tmp_path: Path) -> None:
    text = table("Russian").encode("cp1251").splitlines(keepends=True)
    text[8] = b"invented_x,5,\x98\n"
    (tmp_path / "a.csv").write_bytes(b"".join(text))
    _, columns, warnings = columns_of(tmp_path / "a.csv", Hints())
    assert columns[2][7] == "\ufffd"
    assert warnings[1] == "a.csv, line 9: bytes that are not cp1251 are shown as \ufffd"


@given(
    st.lists(st.sampled_from(["naïve", "Zoë", "日本", "💎", "Ünal"]), min_size=6, max_size=20),
    st.integers(0, 5),
)
def test_a_few_bad_bytes_leave_a_file_utf8(cells: list[str], place: int) -> None:
    lines = [cell.encode() for cell in cells]
    lines[place] = b"Ren\xe9"
    assert recognise(b"\n".join(lines)).encoding == "utf-8"


def test_utf8_below_a_first_western_byte_is_still_utf8(tmp_path: Path) -> None:
    rows = [b"username,nickname", b"a,Ren\xe9", *(f"u{n},日本".encode() for n in range(9))]
    late = [*rows[:2], *(b"u,x" for _ in range(200_000)), *rows[2:]]
    for lines in (rows, late):
        (tmp_path / "a.csv").write_bytes(b"\n".join(lines) + b"\n")
        (one,) = open_records(tmp_path / "a.csv", everything, Hints(), size=BatchSize())
        found = put_together(list(one.batches()))
        assert {"René", "日本"} <= set(found.columns[1].to_pylist())
        assert "byte 0xE9 at position 23, line 2" in found.warnings[0]


def test_json_and_packed_files_are_recognised_too(tmp_path: Path, aliases: dict[str, Any]) -> None:
    records = [{"username": f"u{n}", "followers": n, "nickname": "Рецепты"} for n in range(5)]
    text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (tmp_path / "a.jsonl").write_bytes(text.encode("cp1251"))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(table("Korean").encode("cp949")))
    export = read_export(tmp_path / "a.jsonl", aliases=aliases)
    assert export.frame["nickname"].tolist() == ["Рецепты"] * 5
    assert columns_of(tmp_path / "a.csv.gz", Hints())[0][0] == "사용자명"
