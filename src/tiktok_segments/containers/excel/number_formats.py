"""What a workbook's formats add to numbers: 0.0496 is shown as 4.96 %, 12 as 12K."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from typing import NamedTuple

from openpyxl.xml.functions import iterparse

_STYLES = "xl/styles.xml"
_BUILT_IN = {"9": "0%", "10": "0.00%"}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_SUFFIX = re.compile(
    r"""[0#?](?P<scaled>,*)(?:\s|\\\s)*(?:"\s*|\\)(?P<sign>[kmb]|mn|bn|mio\.?|mrd\.?|tsd\.?)(?![a-z])""",
    re.IGNORECASE,
)


class Sign(NamedTuple):
    """What a format puts behind a number.

    Attributes
    ----------
    text : str
        As ``%`` or ``K``.
    factor : int
        What the number is multiplied by where it is shown: 100 by ``0.0%``, 1 by ``0.0"%"``.
    """

    text: str
    factor: int = 1


def sign_of(code: str) -> Sign | None:
    """Return the sign that is a part of what numbers mean in a format; None where there is none.

    A comma behind the digits divides by a thousand what is shown, so that ``0.0,"K"`` shows 12,300
    as 12.3K: there the sign says nothing that the number does not.

    Examples
    --------
    >>> sign_of("0.0%"), sign_of('0.0"%"')
    (Sign(text='%', factor=100), Sign(text='%', factor=1))
    >>> sign_of('0.0"K"'), sign_of('0.0,"K"'), sign_of("#,##0")
    (Sign(text='K', factor=1), None, None)
    """
    if "%" in code:
        return Sign("%", 100 if "%" in _LITERAL.sub("", code) else 1)
    found = list(_SUFFIX.finditer(code))
    signs = {one["sign"] for one in found}
    if len(signs) != 1 or any(one["scaled"] for one in found):
        return None
    return Sign(signs.pop())


def signed_styles(archive: zipfile.ZipFile) -> dict[str, Sign]:
    """Return the styles of cells that show a sign behind their number.

    Parameters
    ----------
    archive : ZipFile
        The workbook.

    Returns
    -------
    dict of str to Sign
        By a style's number.
    """
    if _STYLES not in archive.namelist():
        return {}
    formats, styles, within = dict(_BUILT_IN), dict[str, Sign](), False
    number = 0
    with archive.open(_STYLES) as file:
        for event, element in iterparse(file, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag == "cellXfs":
                within = event == "start"
            elif event == "start" and tag == "numFmt":
                formats[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif event == "start" and tag == "xf" and within:
                if sign := sign_of(formats.get(element.get("numFmtId", ""), "")):
                    styles[str(number)] = sign
                number += 1
    return styles


def with_sign(value: object, sign: Sign) -> object:
    """Return a number as it is shown, with its sign; anything else as it is.

    Examples
    --------
    >>> with_sign(0.0496, Sign("%", 100)), with_sign(4.96, Sign("%")), with_sign(12, Sign("K"))
    ('4.96%', '4.96%', '12K')
    >>> with_sign("n/a", Sign("%"))
    'n/a'
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{(Decimal(repr(value)) * sign.factor).normalize():f}{sign.text}"
