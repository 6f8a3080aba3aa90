"""Rows of a request to a served model, in the forms that MLflow's clients send them."""

import json
from io import BytesIO
from typing import Any

import pandas as pd

from tiktok_segments.errors import InputError

FORMS = ("dataframe_records", "dataframe_split", "inputs", "instances")
"""Names under which a JSON object has its rows, as MLflow's clients send them."""

SHOWN = 40
"""Characters of what was received that are said back."""


class UnknownTypeError(InputError):
    """The body is of a content type that is not read."""


def read_rows(body: bytes, content_type: str) -> pd.DataFrame:
    """Read the rows of a request, cells as they were sent.

    Parameters
    ----------
    body, content_type
        As for :func:`~tiktok_segments.registry.served.door.answer_request`.

    Returns
    -------
    DataFrame of shape (n_rows, n_columns)
        Numbered from 0; at least one row.

    Raises
    ------
    InputError
        If it is not what its type says, or holds no rows with named columns.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/csv":
        rows = _read_csv(body)
    elif kind in ("application/json", ""):
        try:
            rows = _rows_of(_parse(body))
        except UnicodeError:  # halves of a pair of UTF-16, which JSON lets through
            raise InputError("A column's name is not text.") from None
    else:
        raise UnknownTypeError(
            f"The content type {kind[:SHOWN]} is not read; send application/json or text/csv."
        )
    if rows.empty:
        raise InputError("There are no rows.")
    return rows


def _read_csv(body: bytes) -> pd.DataFrame:
    try:
        return pd.read_csv(BytesIO(body), dtype=str, keep_default_na=False, index_col=False)
    except ValueError:
        raise InputError("The body is not CSV in UTF-8 with a header.") from None


def _parse(body: bytes) -> Any:
    """Return what is under the one of the known names that a JSON object has."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("The body is not JSON.") from None
    given = [form for form in FORMS if form in content] if isinstance(content, dict) else []
    if len(given) != 1:
        raise InputError(f"Send a JSON object with the rows under one of {', '.join(FORMS)}.")
    return {given[0]: content[given[0]]}


def _rows_of(content: dict[str, Any]) -> pd.DataFrame:
    ((form, given),) = content.items()
    if form == "dataframe_split":
        return _rows_of_split(given)
    if isinstance(given, dict) and given:
        listed = [isinstance(cells, list) for cells in given.values()]
        if not any(listed):
            return pd.DataFrame([given], dtype=object)
        if all(listed) and len({len(cells) for cells in given.values()}) == 1:
            return pd.DataFrame(given, dtype=object)
        raise InputError(f"The columns under {form} are not lists of one length.")
    if isinstance(given, list) and all(isinstance(row, dict) for row in given):
        return pd.DataFrame(given, dtype=object)
    raise InputError(f"Under {form} a list of objects is needed, with a name for each value.")


def _rows_of_split(given: Any) -> pd.DataFrame:
    parts: dict[str, Any] = given if isinstance(given, dict) else {}
    columns, data = parts.get("columns"), parts.get("data")
    if (
        isinstance(columns, list)
        and isinstance(data, list)
        and all(isinstance(name, str) for name in columns)
        and all(isinstance(row, list) and len(row) == len(columns) for row in data)
    ):
        return pd.DataFrame(data, columns=columns, dtype=object)
    raise InputError(
        "Under dataframe_split columns, a list of names, and data, a list of rows of as many "
        "values, are needed."
    )
