"""Download the published profiles, once, and only as they were published."""

from pathlib import Path

import pooch
import requests

from tiktok_segments.errors import InputError, reason
from tiktok_segments.files import sha256_of


def fetch_file(url: str, sha256: str, path: Path) -> bool:
    """Download a file unless it is there already.

    Parameters
    ----------
    url : str
        Address of the file.
    sha256 : str
        What its SHA-256 must be.
    path : Path
        Where it goes; it appears whole and checked, or not at all.

    Returns
    -------
    bool
        Whether anything was downloaded.

    Raises
    ------
    InputError
        If the server does not give the file, the connection breaks, or the content is another.
    """
    if path.is_file() and sha256_of(path) == sha256:
        return False
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=30)
    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}",
            fname=path.name,
            path=path.parent,
            downloader=downloader,
        )
    except requests.HTTPError as error:
        error.response.close()
        raise InputError(
            f"{url} answers {error.response.status_code} {error.response.reason}.\n"
            "data.url=ADDRESS names another place."
        ) from None
    except requests.RequestException:
        raise InputError(
            f"The connection to {url} failed or broke off; nothing was kept.\n"
            "Try again, or give your own export as data.path=FILE."
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {reason(error).partition(' | ')[0]}.\n"
            "Give another data.path."
        ) from None
    except ValueError:
        raise InputError(
            f"What {url} gave is not the published file: its SHA-256 is not {sha256[:12]}...\n"
            "Nothing was kept."
        ) from None
    return True
