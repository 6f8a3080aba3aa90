"""Which numbers of a workbook are shown as percent: 0.0496 as 4.96 %."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal

from openpyxl.xml.functions import iterparse

_STYLES = "xl/styles.xml"
_BUILT_IN = {"9": "0%", "10": "0.00%"}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def percent_styles(archive: zipfile.ZipFile) -> dict[str, bool]:
    """Return the styles of cells that show a percent sign.

    Parameters
    ----------
    archive : ZipFile
        The workbook.

    Returns
    -------
    dict of str to bool
        A style's number to whether it multiplies by 100 what it shows, as ``0.0%`` does and
        ``0.0"%"`` does not.
    """
    if _STYLES not in archive.namelist():
        return {}
    formats, styles, within = dict(_BUILT_IN), dict[str, bool](), False
    number = 0
    with archive.open(_STYLES) as file:
        for event, element in iterparse(file, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag == "cellXfs":
                within = event == "start"
            elif event == "start" and tag == "numFmt":
                formats[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif event == "start" and tag == "xf" and within:
                code = formats.get(element.get("numFmtId", ""), "")
                if "%" in code:
                    styles[str(number)] = "%" in _LITERAL.sub("", code)
                number += 1
    return styles


def with_sign(value: object, *, multiplied: bool) -> object:
    """Return a number as it is shown, with its sign; anything else as it is.

    Examples
    --------
    >>> with_sign(0.0496, multiplied=True), with_sign(4.96, multiplied=False)
    ('4.96%', '4.96%')
    >>> with_sign("n/a", multiplied=True)
    'n/a'
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(repr(value))
    return f"{(number * 100 if multiplied else number).normalize():f}%"
