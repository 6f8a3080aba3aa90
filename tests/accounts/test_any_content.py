"""Exports of any content: every row is accounted for, and no error but the project's is raised."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from damaged import HEADER, RANDOM, zip_of
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.filters import CleanRules
from tiktok_segments.accounts.outcome import Cleaned, Export
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError


def read_and_clean(
    path: Path, aliases: dict[str, Any], rules: CleanRules | None = None
) -> tuple[Export, Cleaned] | None:
    """What was read, or None where it was refused in at most three lines, or two for each unit."""
    try:
        export = read_export(path, aliases=aliases)
        return export, clean_profiles(export, rules)
    except InputError as error:
        message = str(error)
    assert message.count("\n") <= max(2, 2 * message.count("what is the unit of") - 1)
    return None


CELLS = st.one_of(
    st.sampled_from(
        ["12.5M", "1,234", "null", "-3", "inf", "5", "1", "", "NaN", "1.5", "1e3", "a"]
    ),
    st.text(max_size=6),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from(",;\t"),
    least=st.sampled_from([0, 100]),
)
def test_every_row_of_a_table_is_kept_filtered_or_rejected(
    rows: list[tuple[str, ...]],
    delimiter: str,
    least: int,
    tmp_path: Path,
    aliases: dict[str, Any],
) -> None:
    path = tmp_path / "a.csv"
    columns = ["username", "followers", "likes", "avg comments", "verified"]
    table = pd.DataFrame(rows, columns=columns, dtype=str)
    table.to_csv(path, index=False, sep=delimiter, quoting=1, encoding="utf-8", errors="replace")
    outcome = read_and_clean(path, aliases, CleanRules(min_followers=least))
    if outcome is None:
        return
    export, cleaned = outcome
    blank = sum(not any(row) for row in rows)
    assert export.rows == len(rows) - blank
    assert export.rows == len(cleaned.frame) + sum(cleaned.filtered.values()) + len(
        cleaned.rejected
    )
    assert cleaned.summary["rows"].iloc[0] == cleaned.summary["rows"].iloc[1:].sum()
    assert (cleaned.frame["followers"] >= least).all()
    assert cleaned.frame["account_id"].is_unique


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=60).map(lambda tail: HEADER + b"ann,1,2\n" + tail),
        st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=60).map(lambda tail: b'[{"username": ' + tail),
        st.text('",\n;\t\rab1', max_size=60).map(lambda tail: HEADER + tail.encode()),
        st.integers(1, 400).map(lambda n: zip_of(("a.csv", HEADER + RANDOM))[:n]),
    )
)
def test_no_bytes_raise_anything_but_the_projects_own_error(
    data: bytes, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    outcome = read_and_clean(path, aliases)
    if outcome is not None:
        rows = outcome[1].summary["rows"]
        assert rows.iloc[0] == rows.iloc[1:].sum()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.text('ab\n\r,"', max_size=5), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_those_an_editor_shows(
    texts: list[str], end: str, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.csv"
    rows = [["username", "followers", "z"], *(["", "-1", text] for text in texts)]
    written = ["".join(f'"{cell}",' for cell in row)[:-1] + end for row in quoted(rows)]
    path.write_bytes("".join(written).encode())
    starts = [1 + "".join(written[:i]).count("\n") for i in range(1, len(written))]
    assert read_export(path, aliases=aliases).rejected.line.tolist() == starts


def quoted(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.replace('"', '""') for cell in row] for row in rows]


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=st.lists(
        st.one_of(
            VALUES,
            st.fixed_dictionaries(
                {"username": VALUES, "followers": VALUES},
                optional={"verified": VALUES, "likes": VALUES, "timestamp": VALUES, "": VALUES},
            ),
        ),
        max_size=5,
    ),
    lines=st.booleans(),
)
def test_every_record_of_json_is_kept_or_rejected(
    records: list[Any], lines: bool, tmp_path: Path, aliases: dict[str, Any]
) -> None:
    path = tmp_path / "a.json"
    dumped = [json.dumps(record) for record in records]
    path.write_text("\n".join(dumped) if lines else "[" + ", ".join(dumped) + "]")
    outcome = read_and_clean(path, aliases)
    if outcome is None:
        return
    export, cleaned = outcome
    assert export.rows == len(cleaned.frame) + len(cleaned.rejected)
    if not lines:
        assert export.rows == len(records)
