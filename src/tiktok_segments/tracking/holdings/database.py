"""A store's database, reached directly: SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from pandas.errors import DatabaseError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking.holdings.cells import Cell, changed_cells
from tiktok_segments.tracking.relocation import BUSY_TIMEOUT
from tiktok_segments.tracking.store import store_file

WRITTEN_OVER_HTTP = (
    "experiment_tags", "experiments", "logged_model_tags", "model_version_tags", "model_versions",
    "registered_model_tags", "registered_models", "runs", "tags",
)  # fmt: skip
"""Tables of which MLflow's server can change texts; it leaves the old ones in free pages."""

SET_ASIDE = (
    "If the file is damaged, move it away; store.py restore backup=FOLDER then brings back a "
    "backup, as from outputs/backups."
)
"""What is told where a SQLite file cannot be read."""


@dataclass(frozen=True)
class Database:
    """The tables of MLflow's schema, whatever its version.

    Parameters
    ----------
    address : str
        As SQLAlchemy takes it, and so MLflow.
    """

    address: str

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite's."""
        return store_file(self.address) is not None

    @property
    def label(self) -> str:
        """The file of SQLite; else the address without a password."""
        file = store_file(self.address)
        if file is not None:
            return str(file)
        return sa.make_url(self.address).render_as_string(hide_password=True)

    @property
    def remains(self) -> str:
        """What still holds the old texts after :meth:`rewrite`; empty where nothing does."""
        if self.is_sqlite:
            return ""
        return (
            "What the database server keeps besides its tables holds the old rows until it is "
            "written over or deleted:\nits log of writes (PostgreSQL: pg_wal, soon after a "
            "checkpoint), replicas, archives and dumps."
        )

    @cached_property
    def _engine(self) -> sa.Engine:
        file = store_file(self.address)
        if file is None:
            return sa.create_engine(self.address, poolclass=NullPool)

        def connect() -> sqlite3.Connection:
            address = f"{file.absolute().as_uri()}?mode=rw"
            store = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT)
            store.execute("PRAGMA secure_delete = ON")
            return store

        return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open the database to read it.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        try:
            with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, DatabaseError) as error:
            advice = f"\n{SET_ASIDE}" if self.is_sqlite else ""
            text = f"The store {self.label} cannot be read: {_words(error)}.{advice}"
            raise InputError(text) from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open the database for one transaction, which an error undoes.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: SQLAlchemyError) -> StoreError:
        return StoreError(f"The store {self.label} cannot be written: {_words(error)}.")

    def size(self) -> int:
        """Return the bytes that the database takes, 0 where it does not say.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        file = store_file(self.address)
        if file is not None:
            return file.stat().st_size
        with self.reading() as connection:
            if connection.dialect.name != "postgresql":
                return 0
            size = connection.execute(sa.text("SELECT pg_database_size(current_database())"))
            return int(size.scalar_one())

    def roots(self) -> list[str]:
        """Return the addresses below which experiments keep their artifacts."""
        with self.reading() as connection:
            query = sa.text("SELECT DISTINCT artifact_location FROM experiments")
            return sorted(address for (address,) in connection.execute(query) if address)

    def texts(self, words: Sequence[str], erase: Callable[[str], str]) -> Iterator[Cell]:
        """Yield every cell that names something, as of any :class:`~.store.Store`."""
        with self.reading() as connection:
            inspector = sa.inspect(connection)
            for table in inspector.get_table_names():
                key = inspector.get_pk_constraint(table)["constrained_columns"]
                columns = [
                    column["name"]
                    for column in inspector.get_columns(table)
                    if isinstance(column["type"], sa.String | sa.JSON | sa.types.NullType)
                ]
                if columns:
                    yield from _cells(connection, table, key, columns, words, erase)

    def rewrite(self, cells: Iterable[Cell]) -> None:
        """Write cells anew in one transaction; leave nothing of the old ones in free pages.

        Raises
        ------
        InputError
            If the database cannot be written.
        """
        rows: dict[tuple[str, tuple[tuple[str, str | int], ...]], dict[str, str]] = {}
        for cell in cells:
            rows.setdefault((cell.table, tuple(cell.key.items())), {})[cell.column] = cell.text
        with self.writing() as connection:
            for (table, key), texts in rows.items():
                target = sa.table(table, *map(sa.column, {**dict(key), **texts}))
                connection.execute(
                    sa.update(target)
                    .where(*(target.c[name] == value for name, value in key))
                    .values({name: _untyped(text) for name, text in texts.items()})
                )
        self.compact(sorted({table for table, _ in rows}))

    def compact(self, tables: Sequence[str]) -> None:
        """Give free pages back, so that nothing of old rows is left in them.

        Parameters
        ----------
        tables : sequence of str
            That were changed; those that a server changes are compacted, too.

        Raises
        ------
        InputError
            If the database cannot be written.
        """
        try:
            with self._engine.connect() as connection:
                direct = connection.execution_options(isolation_level="AUTOCOMMIT")
                for statement in self._compacting(tables, direct):
                    direct.exec_driver_sql(statement)
        except SQLAlchemyError as error:
            raise self._unwritten(error) from error

    def _compacting(self, tables: Sequence[str], connection: sa.Connection) -> Iterator[str]:
        if self.is_sqlite:
            yield from ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.dialect.name == "postgresql":
            quote = connection.dialect.identifier_preparer.quote
            for table in sorted({*tables, *WRITTEN_OVER_HTTP}):
                yield f"VACUUM (FULL, ANALYZE) {quote(table)}"
            yield "VACUUM FULL pg_catalog.pg_statistic"  # has common values of columns


def _cells(
    connection: sa.Connection,
    table: str,
    key: Sequence[str],
    columns: Sequence[str],
    words: Sequence[str],
    erase: Callable[[str], str],
) -> Iterator[Cell]:
    texts = [sa.cast(sa.column(name), sa.Text) for name in columns]
    holds = [
        sa.func.lower(text).contains(word, autoescape=True) for text in texts for word in words
    ]
    query: Any = sa.select(*map(sa.column, key), *texts).select_from(sa.table(table))
    for row in connection.execute(query.where(sa.or_(*holds))).fetchall():
        own = dict(zip(key, row[: len(key)], strict=True))
        found = dict(zip(columns, row[len(key) :], strict=True))
        yield from changed_cells(table, own, found, erase, fixed=not key)


def _untyped(text: str) -> sa.BindParameter[Any]:
    """Return a text that takes the type of the column it goes to."""
    untyped: Any = sa.types.NullType()
    return sa.bindparam(None, text, type_=untyped)


def _words(error: SQLAlchemyError | DatabaseError) -> str:
    """Return the database's own words, without the statement and its values."""
    # Pandas has an error of its own for it, which holds the statement.
    origin = getattr(error, "orig", None) or getattr(error.__cause__, "orig", None)
    return str(origin or error).strip().splitlines()[0].rstrip(".")
