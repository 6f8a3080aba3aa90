"""An empty store with all of MLflow's tables, kept in the user's cache.

MLflow makes the tables of a new SQLite store in dozens of migrations, which take seconds; copying
the result takes none.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from tiktok_segments.files import sha256_of, whole_file


def place_store(file: Path) -> bool:
    """Put an empty store where there is none.

    Parameters
    ----------
    file : Path
        The store to be. The caller sees to it that nobody else makes it meanwhile.

    Returns
    -------
    bool
        False where the user's cache cannot be used; there is no store then.
    """
    try:
        template = find_template() or make_template()
    except OSError:
        return False
    with template.open("rb") as source, whole_file(file) as copy:
        shutil.copyfileobj(source, copy)
    return True


def find_template() -> Path | None:
    """Return the template of the installed MLflow, None where there is none that is whole."""
    for file in _folder().glob(f"mlflow-{version('mlflow')}-*.db"):
        if file == _named(sha256_of(file)):
            return file
    return None


def make_template() -> Path:
    """Have MLflow make a store, take the rows out of it, and keep it.

    Returns
    -------
    Path
        The template, named after MLflow's version and the SHA-256 of its content, so that
        neither a damaged one nor one of another version is taken.

    Raises
    ------
    OSError
        If the cache cannot be written.
    """
    from mlflow import MlflowClient

    _folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_folder()) as folder:
        made = Path(folder) / "mlflow.db"
        MlflowClient(f"sqlite:///{made}").search_experiments(max_results=1)
        with closing(sqlite3.connect(made)) as store:
            # Its default experiment keeps artifacts in this folder; MLflow makes another one.
            store.execute("DELETE FROM experiments")
            store.commit()
            store.execute("VACUUM")
        return made.replace(_named(sha256_of(made)))


def _folder() -> Path:
    return user_cache_path("tiktok-segments") / "stores"


def _named(sha256: str) -> Path:
    return _folder() / f"mlflow-{version('mlflow')}-{sha256[:16]}.db"
