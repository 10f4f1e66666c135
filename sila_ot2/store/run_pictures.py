"""The pictures of runs: a folder for each run, a JPEG for each moment; kept as long as the run's record."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from uuid import UUID, uuid5

from sila_ot2.files import private_folder
from sila_ot2.store.files import disk_space, keep_file
from sila_ot2.subscribers import Subscribers

_NAMESPACE = UUID("0b3c5a1e-6f0f-5d0b-9d8a-51a0f1f0a6f2")
_TIME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class RunPicture:
    """A picture of a run."""

    number: int
    """Counted from 1, in the order of the moments."""
    moment: str
    taken_at: datetime
    path: Path


class RunPictures:
    """One per robot; safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        private_folder(folder)
        self.on_keep: Subscribers[str] = Subscribers()
        """Called with the run of each picture that was kept."""

    def keep(self, run_id: str, moment: str, taken_at: datetime, content: bytes) -> None:
        """Keep a picture.

        Raises:
            StorageFull: the disk is full.
        """
        folder = self._of(run_id)
        with disk_space(self._folder):
            private_folder(folder)
        keep_file(folder / f"{taken_at.astimezone(timezone.utc):{_TIME}}-{moment}.jpg", content)
        self.on_keep.fire(run_id)

    def of(self, run_id: str) -> list[RunPicture]:
        """Return the pictures of a run, oldest first; empty if there are none."""
        pictures = []
        for number, path in enumerate(sorted(self._of(run_id).glob("*.jpg")), start=1):
            time, _, moment = path.stem.partition("-")
            taken_at = datetime.strptime(time, _TIME).replace(tzinfo=timezone.utc)
            pictures.append(RunPicture(number, moment, taken_at, path))
        return pictures

    def forget(self, run_id: str) -> None:
        """Remove the pictures of a run, if there are any."""
        shutil.rmtree(self._of(run_id), ignore_errors=True)

    def _of(self, run_id: str) -> Path:
        return self._folder / str(uuid5(_NAMESPACE, run_id))
