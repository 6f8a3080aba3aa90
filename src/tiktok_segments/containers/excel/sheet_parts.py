"""What a sheet's cells do not show: links behind them, cells merged, formulas without a result."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import product
from xml.etree.ElementTree import Element

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.xml.functions import iterparse

from tiktok_segments.containers.excel.number_formats import Sign, signed_styles

_WORKBOOK = "/officeDocument"
_MOST_LINKED = 1_000
"""Rows up to which one link is of all of them."""
_ANY_PART = re.compile(rb"[<:](?:f[ >/]|hyperlink |mergeCell )")
_OVERLAP, _CHUNK = 16, 2**20
_LINKING = re.compile(r'^\s*(?:_xlfn\.)?HYPERLINK\(\s*"([^"]+)"\s*[,;)]', re.IGNORECASE)

Cell = tuple[int, int]
"""Row and column, from 1."""


@dataclass
class SheetParts:
    """What stands behind a sheet's cells.

    Parameters
    ----------
    links : dict of (int, int) to str
        Row and column, from 1, to the address that a cell leads to.
    merged : list of (int, int, int, int)
        First column, first row, last column, last row of cells that are one.
    uncomputed : set of (int, int)
        Cells with a formula whose result the file does not hold.
    signs : dict of (int, int) to Sign
        What the formats of cells put behind their numbers.
    """

    links: dict[Cell, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncomputed: set[Cell] = field(default_factory=set)
    signs: dict[Cell, Sign] = field(default_factory=dict)


def read_parts(archive: zipfile.ZipFile, title: str) -> SheetParts:
    """Read what stands behind the cells of a sheet; nothing where it has no such thing.

    Parameters
    ----------
    archive : ZipFile
        The workbook.
    title : str
        The sheet's.

    Returns
    -------
    SheetParts
        Of the sheet.
    """
    parts = SheetParts()
    path = _path_of(archive, title)
    if path is None:
        return parts
    styles = signed_styles(archive)
    if not _has_any(archive, path, styles):
        return parts
    place, linked = (0, 0), []
    with archive.open(path) as file:
        for event, element in iterparse(file, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "row":
                    place = (int(element.get("r") or place[0] + 1), 0)
                continue
            if tag == "c":
                at = element.get("r")
                place = coordinate_to_tuple(at) if at else (place[0], place[1] + 1)
                _add_formula(parts, place, element)
                if (style := element.get("s")) in styles:
                    parts.signs[place] = styles[style]
            elif tag == "row":
                element.clear()
            elif tag == "mergeCell":
                parts.merged.append(_bounds(element))
            elif tag == "hyperlink":
                linked.append((_bounds(element), _id_of(element)))
    targets = _targets(archive, path) if linked else {}
    for (left, top, right, bottom), key in linked:
        if key in targets and bottom - top < _MOST_LINKED:
            cells = product(range(top, bottom + 1), range(left, right + 1))
            parts.links.update(dict.fromkeys(cells, targets[key]))
    return parts


def _add_formula(parts: SheetParts, place: Cell, cell: Element) -> None:
    children = {child.tag.rpartition("}")[2]: child for child in cell}
    if "f" not in children:
        return
    linking = _LINKING.match(children["f"].text or "")
    if linking:
        parts.links[place] = linking.group(1)
    elif "v" not in children or children["v"].text is None:
        parts.uncomputed.add(place)


def _id_of(element: Element) -> str:
    """Return what a part is called among the relationships."""
    ids = [value for key, value in element.items() if key.rpartition("}")[2] == "id"]
    return ids[0] if ids else ""


def _targets(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Return what a part relates to, by its id."""
    related = get_rels_path(path)
    if related not in archive.namelist():
        return {}
    return {str(one.Id): str(one.Target) for one in get_dependents(archive, related)}


def _bounds(element: Element) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(str(element.get("ref")))
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def _has_any(archive: zipfile.ZipFile, path: str, styles: Collection[str]) -> bool:
    before, styled = b"", re.compile(rf' s="(?:{"|".join(styles)})"'.encode())
    with archive.open(path) as file:
        while chunk := file.read(_CHUNK):
            text = before + chunk
            if _ANY_PART.search(text) or (styles and styled.search(text)):
                return True
            before = chunk[-_OVERLAP:]
    return False


def _path_of(archive: zipfile.ZipFile, title: str) -> str | None:
    """Return where a sheet's cells lie in the workbook."""
    roots = get_dependents(archive, "_rels/.rels")
    root = next((str(one.Target) for one in roots if str(one.Type).endswith(_WORKBOOK)), None)
    if root is None:
        return None
    targets = _targets(archive, root)
    with archive.open(root) as file:
        for _, element in iterparse(file):
            if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == title:
                target = targets.get(_id_of(element))
                return target if target in archive.namelist() else None
    return None
