"""Figures as files and as bytes."""

import base64
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure

from tiktok_segments.errors import InputError
from tiktok_segments.files import write_whole


def as_png(figure: Figure) -> bytes:
    """Return a figure as the bytes of a PNG file, packed fast rather than small."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=figure.dpi, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def as_data_uri(png: bytes) -> str:
    """Return a PNG file's bytes as an address that a page can hold instead of a file.

    Examples
    --------
    >>> as_data_uri(b"PNG")
    'data:image/png;base64,UE5H'
    """
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def write_figure(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG; the file appears whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written there.
    """
    try:
        return write_whole(path, as_png(figure))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None
