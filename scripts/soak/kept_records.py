"""What must be there after a soak: the runs and the audit trail, at the server and in the central database."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from sila_ot2.cli.app import run as command_line
from sila_ot2.store.audit.chain import read


class KeptRecords:
    """The records of a process that serves several robots.

    Args:
        state: its state directory.
        central: the central database (SQLite).
    """

    def __init__(self, state: Path, central: Path) -> None:
        self._state = state
        self._central = central

    def copied_runs(self) -> Counter[str]:
        """Return how often each run is in the central database."""
        return Counter(run_id for (run_id,) in self._rows("SELECT run_id FROM sila_ot2_runs"))

    def repeated(self) -> list[tuple[str, int]]:
        """Return the labels that several runs have, each with their number; a session has no label."""
        labels = Counter(label for (label,) in self._rows("SELECT label FROM sila_ot2_runs WHERE label != ''"))
        return [(label, count) for label, count in labels.items() if count > 1]

    def are_all_copied(self) -> bool:
        """Return whether the central database has as many entries as the audit trails."""
        ((copied,),) = self._rows("SELECT count(*) FROM sila_ot2_audit")
        return bool(copied == sum(1 for trail in self._trails for _ in read(trail)))

    def faults(self, keys: Iterable[str]) -> list[str]:
        """Return what is wrong with the audit trails.

        Args:
            keys: request keys of the commands that were answered.
        """
        found = []
        lines: set[str] = set()
        for trail in self._trails:
            with redirect_stdout(StringIO()) as said, redirect_stderr(said):
                code = command_line(["audit", "verify", "--robot", _url(trail.parent), "--state-dir", str(self._state)])
            found += [f"{trail}: {said.getvalue()}"] if code else []
            digests = {end.digest for _, end in read(trail)}
            lines |= {str(entry) for entry, _ in read(trail)}
            copied = {digest for (digest,) in self._rows("SELECT digest FROM sila_ot2_audit")}
            if missing := digests - copied:
                found.append(f"{trail}: {len(missing)} entries were not copied")
        sent = " ".join(line for line in lines if "'event': 'sent'" in line)
        return found + [f"request {key} is not in the audit trail" for key in keys if key not in sent]

    def file_counts(self) -> list[int]:
        """Return how many files each audit trail has."""
        return [len(list(trail.iterdir())) for trail in self._trails]

    @property
    def _trails(self) -> list[Path]:
        return sorted(self._state.glob("*/audit"))

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self._central)) as database:
            return database.execute(query).fetchall()


def _url(directory: Path) -> str:
    host, _, port = directory.name.rpartition("_")
    return f"http://{host}:{port}"
