"""Where artifacts of a run or model are: a folder of this machine, or a server hands them out."""

from pathlib import Path

from tiktok_segments.tracking.artifacts import DESCRIPTION
from tiktok_segments.tracking.holdings.remote_files import is_reachable, sizes_below
from tiktok_segments.tracking.relocation import local_path
from tiktok_segments.upkeep.named_files import holds_model, size_of


def size_at(address: str | None) -> int:
    """Return the bytes of the files at an address, 0 where there are none or they are out of reach.

    Raises
    ------
    InputError
        If whoever keeps them does not answer.
    """
    if not address:
        return 0
    place = local_path(address)
    if place is not None:
        return size_of(place)
    return sum(sizes_below(address).values()) if is_reachable(address) else 0


def is_gone(address: str | None, *, model: bool) -> bool:
    """Say whether files that were to be at an address are not there, or a model's are damaged.

    Raises
    ------
    InputError
        If whoever keeps them does not answer.
    """
    if not address or not is_reachable(address):
        return False
    place = local_path(address)
    if place is not None:
        return not holds_model(place) if model else not place.exists()
    files = sizes_below(address)
    return DESCRIPTION not in files if model else not files


def whole_folder_of(address: str | None, beside: Path | None) -> str | None:
    """Return the address of all that a run or model keeps; None where it is not this store's.

    Parameters
    ----------
    address : str or None
        Of its artifacts, mostly a folder ``artifacts`` in one of its own.
    beside : Path or None
        Where a SQLite store has its artifacts; others on this machine are not its own.

    Examples
    --------
    >>> whole_folder_of("mlflow-artifacts:/1/models/m-0/artifacts", None)
    'mlflow-artifacts:/1/models/m-0'
    >>> whole_folder_of("/data/mlruns/1/artifacts", Path("/data/mlruns"))
    '/data/mlruns/1'
    >>> whole_folder_of("/elsewhere/1/artifacts", Path("/data/mlruns")) is None
    True
    """
    if not address:
        return None
    place = local_path(address)
    if place is None:
        own = address.rstrip("/")
        return own.removesuffix("/artifacts")
    if beside is not None and beside not in place.parents:
        return None
    return str(place.parent if place.name == "artifacts" and place.parent != beside else place)
