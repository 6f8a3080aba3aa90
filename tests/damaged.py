"""Bytes that damaged exports are made of."""

import io
import random
import zipfile

HEADER = b"username,followers,likes\n"
RANDOM = random.Random(7).randbytes(5000)


def zip_of(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()
