"""SQL for what is written with each command of a run, made once: SQLAlchemy compiles ON CONFLICT at each execution."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite


def upsert(table: Table, key: str, *values: str) -> str:
    """Return the SQL that inserts rows, or replaces the values of those whose key is there.

    Run it with `exec_driver_sql` and rows as mappings: nothing converts their values (`kept_time` does, for times).
    """
    statement = sqlite.insert(table)
    changed = {name: statement.excluded[name] for name in values}
    replacing = statement.on_conflict_do_update(index_elements=[key], set_=changed)
    return str(replacing.compile(dialect=sqlite.dialect(paramstyle="named"), column_keys=[key, *values]))
