"""Looking for words in every byte below a folder, also within what is packed or compressed."""

import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet

INNER = 3
"""How deep packed files are looked into."""


def contents(data: bytes, name: str, depth: int = INNER) -> Iterator[tuple[str, bytes]]:
    """Give a file's bytes, and those of what is packed in it."""
    yield name, data
    if depth == 0:
        return
    if data.startswith(b"\x1f\x8b"):
        yield from contents(gzip.decompress(data), f"{name}!gz", depth - 1)
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from contents(archive.read(inner), f"{name}!{inner}", depth - 1)
    elif data.startswith(b"PAR1"):
        table = pyarrow.parquet.read_table(io.BytesIO(data))
        yield f"{name}!rows", str(table.to_pylist()).encode()


def traces(folders: Sequence[Path], words: Sequence[str]) -> list[tuple[str, str]]:
    """Return each word that stands anywhere in the files, or in their names, with the file.

    Letters' case does not matter. Words are also looked for as a spreadsheet's and JSON's escapes
    write them.
    """
    wanted = {word: _forms(word) for word in words}
    found = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            named = str(file.relative_to(folder)).lower().encode()
            data = file.read_bytes() if file.is_file() and not file.is_symlink() else b""
            for name, content in [("the name itself", named), *contents(data, str(file))]:
                lower = content.lower()
                found += [
                    (f"{file}: {name}", word)
                    for word, forms in wanted.items()
                    if any(form in lower for form in forms)
                ]
    return found


def _forms(word: str) -> set[bytes]:
    escaped = word.encode("unicode_escape").replace(b"\\x", b"\\u00")
    return {word.lower().encode(), escaped.lower(), word.lower().encode("utf-16-le")}
