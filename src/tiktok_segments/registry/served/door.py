"""What is asked of a served model, row by row: read, checked, and answered or said why not."""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.registry.served.rows import SHOWN, UnknownTypeError, read_rows

PUBLISHED = {
    "videos_count": "videos",
    "awg_engagement_rate": "engagement_rate",
    "like_engagement_rate": "like_rate",
    "comment_engagement_rate": "comment_rate",
}
"""Canonical columns by the names of the published file, which has them in the same units."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What a request is answered with.

    Attributes
    ----------
    status : int
        Of HTTP: 200 where a row at least was answered, else 400 or 415.
    content : dict
        ``predictions``, a name a row, None for one that cannot be answered, and then ``errors``,
        an object for each fault with ``row`` (from 0), ``column`` and ``message``; or
        ``error_code`` and ``message``.
    """

    status: int
    content: dict[str, Any]


def answer_request(
    body: bytes,
    content_type: str,
    columns: Sequence[str],
    predict: Callable[[pd.DataFrame], np.ndarray],
) -> Answer:
    """Answer a request.

    Parameters
    ----------
    body : bytes
        JSON with the rows under one of :data:`~tiktok_segments.registry.served.rows.FORMS`, or
        CSV with a header.
    content_type : str
        ``application/json`` or ``text/csv``; what stands behind a semicolon does not count.
    columns : sequence of str
        That the model reads; the names of :data:`PUBLISHED` do, too. Others are left aside.
    predict : callable
        Gives a name for each row of a frame with these columns, as floats.

    Returns
    -------
    Answer
        Nothing is raised for what was sent.

    Examples
    --------
    >>> def size(frame):
    ...     return np.where(frame["followers"] > 10, "large", "small")
    >>> body = b'{"inputs": [{"followers": "12"}, {"followers": -5}]}'
    >>> answer = answer_request(body, "application/json", ["followers"], size)
    >>> answer.content["predictions"], answer.content["errors"][0]["message"]
    (['large', None], 'followers is negative: -5')
    """
    try:
        rows = read_rows(body, content_type)
        values, faults = check_rows(rows, columns)
    except InputError as error:
        status = 415 if isinstance(error, UnknownTypeError) else 400
        return Answer(status, _refusal(str(error)))
    is_sound = values.notna().all(axis=1).to_numpy()
    if not is_sound.any():
        first = faults[0]
        words = f"No row can be answered; row {first['row']}: {first['message']}."
        return Answer(400, {**_refusal(words), "errors": faults})
    predictions: list[str | None] = [None] * len(rows)
    for place, name in zip(np.flatnonzero(is_sound), predict(values[is_sound]), strict=True):
        predictions[place] = str(name)
    content: dict[str, Any] = {"predictions": predictions}
    return Answer(200, {**content, "errors": faults} if faults else content)


def _refusal(message: str) -> dict[str, Any]:
    return {"error_code": "INVALID_PARAMETER_VALUE", "message": message}


def check_rows(
    rows: pd.DataFrame, columns: Sequence[str]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Read the numbers of the columns that a model needs.

    Parameters
    ----------
    rows : DataFrame of shape (n_rows, n_columns)
        Cells of any kind.
    columns : sequence of str
        Needed.

    Returns
    -------
    values : DataFrame of shape (n_rows, n_needed)
        Floats, NaN where a cell is no number that a count or a rate can be.
    faults : list of dict
        One for each of those: ``row``, ``column`` and ``message``, by rows.

    Raises
    ------
    InputError
        If a column is missing, or there twice.
    """
    known = {old: new for old, new in PUBLISHED.items() if new not in rows}
    named = rows.rename(columns=known)
    lacking = [name for name in columns if name not in named]
    if lacking:
        raise InputError(
            f"missing columns {', '.join(lacking)}; needed are {', '.join(columns)}, and there "
            f"are {', '.join(str(name)[:SHOWN] for name in named.columns[:20])}."
        )
    if twice := [name for name in columns if isinstance(named[name], pd.DataFrame)]:
        raise InputError(f"The column {twice[0]} is there more than once.")
    values, faults = {}, []
    for name in columns:
        read = [_number(cell) for cell in named[name]]
        values[name] = [math.nan if isinstance(cell, str) else cell for cell in read]
        faults += [
            {"row": row, "column": name, "message": f"{name} {cell}"}
            for row, cell in enumerate(read)
            if isinstance(cell, str)
        ]
    return pd.DataFrame(values, dtype=float), sorted(faults, key=lambda fault: fault["row"])


def _number(cell: object) -> float | str:
    """Return the number that a cell is, or what is wrong with it."""
    if cell is None or cell is pd.NA or (isinstance(cell, str) and not cell.strip()):
        return "is missing"
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return f"is not a number: {json.dumps(cell)[:SHOWN]}"
    if isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip()):
        return f"is not a plain number: {cell.strip()[:SHOWN]}"
    try:
        number = float(cell)
    except OverflowError:
        return "is too large"
    if math.isnan(number):
        return "is missing"
    if math.isinf(number):
        return "is too large"
    return number if number >= 0 else f"is negative: {str(cell).strip()[:SHOWN]}"
