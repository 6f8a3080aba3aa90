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

from tiktok_segments.files import whole_file
from tiktok_segments.template_cache import cache_folder, find_kept, keep


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
    return find_kept(_name())


def make_template() -> Path:
    """Have MLflow make a store, take the rows out of it, and keep it.

    Returns
    -------
    Path
        The template.

    Raises
    ------
    OSError
        If the cache cannot be written.
    """
    from mlflow import MlflowClient

    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        made = Path(folder) / "mlflow.db"
        MlflowClient(f"sqlite:///{made}").search_experiments(max_results=1)
        with closing(sqlite3.connect(made)) as store:
            # Its default experiment keeps artifacts in this folder; MLflow makes another one.
            store.execute("DELETE FROM experiments")
            store.commit()
            store.execute("VACUUM")
        return keep(_name(), made)


def _name() -> str:
    return f"store-mlflow-{version('mlflow')}"
