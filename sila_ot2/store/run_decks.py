"""The deck before and after each run: a folder for each run, kept as long as the run's record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID, uuid5

from sila_ot2.files import private_folder
from sila_ot2.store.files import disk_space, keep_file

Moment = Literal["before", "after"]
_NAMESPACE = UUID("8f1f0e52-7c0a-5b86-9d7e-2f6f6f7f4f0b")
"""Names the folder of a run: what the robot calls it need not be the name of a folder."""


class RunDecks:
    """One per robot; safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, run_id: str, moment: Moment, content: bytes) -> None:
        """Keep the deck at a moment; what is kept of it already stays.

        Raises:
            StorageFull: the disk is full.
        """
        path = self._of(run_id) / f"{moment}.json"
        if not path.exists():
            with disk_space(self._folder):
                private_folder(path.parent)
            keep_file(path, content)

    def of(self, run_id: str) -> Iterator[tuple[Moment, bytes]]:
        """Yield the decks that are kept of a run."""
        moment: Moment
        for moment in get_args(Moment):
            path = self._of(run_id) / f"{moment}.json"
            if path.exists():
                yield moment, path.read_bytes()

    def forget(self, run_id: str) -> None:
        """Remove the decks of a run, if there are any."""
        shutil.rmtree(self._of(run_id), ignore_errors=True)

    def _of(self, run_id: str) -> Path:
        return self._folder / str(uuid5(_NAMESPACE, run_id))
