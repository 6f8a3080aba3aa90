"""Runs and models taken out of a store: their rows, where a database has them, or by requests."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from mlflow.exceptions import MlflowException

from tiktok_segments.errors import StoreError
from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.holdings.database import Database
from tiktok_segments.tracking.store_errors import is_absent, name_store_error

OWNERS = {"runs": "run_uuid", "logged_models": "model_id"}
"""Tables of what is removed, and the columns of their ids."""

INPUTS = (
    "DELETE FROM inputs WHERE source_id IN (SELECT id FROM doomed)"
    " OR destination_id IN (SELECT id FROM doomed)",
    "DELETE FROM input_tags WHERE input_uuid NOT IN (SELECT input_uuid FROM inputs)",
    "DELETE FROM datasets WHERE dataset_uuid NOT IN"
    " (SELECT source_id FROM inputs WHERE source_type = 'DATASET')",
)
"""What MLflow ties to runs and models without saying so in its schema."""


def known_owners(database: Database) -> set[str]:
    """Return the ids of all runs and models of a database.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    with database.reading() as connection:
        # Of names that stand in this module.
        queries = (f"SELECT {own} FROM {table}" for table, own in OWNERS.items())  # noqa: S608
        return {owner for query in queries for (owner,) in connection.execute(sa.text(query))}


def remove_rows(database: Database, owners: Sequence[str]) -> None:
    """Remove the rows of runs and models, and all that hangs on them, in one transaction.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with database.writing() as connection:
        connection.execute(sa.text("CREATE TEMP TABLE doomed (id VARCHAR(64) PRIMARY KEY)"))
        rows = [{"id": owner} for owner in owners]
        connection.execute(sa.text("INSERT INTO doomed VALUES (:id)"), rows)
        for statement in [*_statements(connection), *INPUTS]:
            connection.execute(sa.text(statement))


def changed_tables(database: Database) -> list[str]:
    """Return the tables that runs and models leave rows in.

    Raises
    ------
    InputError
        If the database cannot be read.
    """
    with database.reading() as connection:
        inspector = sa.inspect(connection)
        hanging = [table for table in inspector.get_table_names() if _keys(inspector, table)]
    return sorted({*hanging, *OWNERS, "inputs", "input_tags", "datasets"})


def _keys(inspector: sa.Inspector, table: str) -> list[tuple[str, bool]]:
    """Return a table's columns that refer to runs or models, and whether they can do without."""
    return [
        (key["constrained_columns"][0], key.get("options", {}).get("ondelete") == "SET NULL")
        for key in inspector.get_foreign_keys(table)
        if key["referred_table"] in OWNERS
    ]


def _statements(connection: sa.Connection) -> Iterator[str]:
    """Yield what removes the rows of runs and models, those that refer to them first.

    MLflow's schema says which do, whatever its version.
    """
    inspector = sa.inspect(connection)
    where = "IN (SELECT id FROM doomed)"
    # Every name in a statement is the schema's own.
    for table in inspector.get_table_names():
        for column, can_do_without in _keys(inspector, table):
            if can_do_without:
                yield f"UPDATE {table} SET {column} = NULL WHERE {column} {where}"  # noqa: S608
            else:
                yield f"DELETE FROM {table} WHERE {column} {where}"  # noqa: S608
    for table, own in reversed(OWNERS.items()):
        yield f"DELETE FROM {table} WHERE {own} {where}"  # noqa: S608


def mark_deleted(runs: Sequence[str], models: Sequence[str]) -> None:
    """Have a server call runs and models deleted; it keeps their rows.

    Raises
    ------
    StoreError
        If the server does not answer, or refuses.
    """
    for remove, owners in (
        (client().delete_run, runs),
        (client().delete_logged_model, models),
    ):
        for owner in owners:
            try:
                remove(owner)
            except MlflowException as error:
                if is_absent(error):
                    continue  # somebody else was first
                reason = name_store_error(error) or str(error).strip().splitlines()[0][:300]
                raise StoreError(f"{owner} cannot be deleted: {reason}") from error
