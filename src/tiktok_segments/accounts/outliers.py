"""Leave out accounts with extreme values, before anything is learned from the rest."""

from collections.abc import Sequence

import pandas as pd

from tiktok_segments.errors import InputError


def drop_outliers(frame: pd.DataFrame, columns: Sequence[str], factor: float) -> pd.DataFrame:
    """Drop rows beyond the quartiles, one column after the other.

    A row goes where its value is below Q1 - factor × IQR or above Q3 + factor × IQR (Tukey 1977,
    *Exploratory Data Analysis*), the quartiles being those of the rows that the columns before
    left over.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    columns : sequence of str
        Columns to look at, in this order; none keeps every row.
    factor : float
        Distance from the quartiles, in interquartile ranges.

    Returns
    -------
    DataFrame of shape (n_kept, n_columns)
        The rows kept, in their order, numbered anew.

    Raises
    ------
    InputError
        If a column is not there.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [1, 2, 3, 4, 100]})
    >>> drop_outliers(frame, ["followers"], factor=1.5)["followers"].to_list()
    [1, 2, 3, 4]
    """
    for name in columns:
        if name not in frame:
            raise InputError(
                f"The outlier rule looks at {name}, which this file does not have.\n"
                "Choose outliers=keep."
            )
        first, third = frame[name].quantile([0.25, 0.75])
        margin = factor * (third - first)
        frame = frame[frame[name].between(first - margin, third + margin)]
    return frame.reset_index(drop=True)
