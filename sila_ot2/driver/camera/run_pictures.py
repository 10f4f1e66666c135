"""The pictures that were taken of runs, read for clients."""

from __future__ import annotations

from sila_ot2.errors import PictureNotFound, RunNotFound
from sila_ot2.store.run_pictures import RunPicture
from sila_ot2.store.runs import RunArchive


class PicturesOfRuns:
    """One per robot; reads alone, safe to use from any thread."""

    def __init__(self, archive: RunArchive) -> None:
        self._archive = archive

    def of(self, run_id: str) -> list[RunPicture]:
        """Return the pictures of a run, oldest first.

        Raises:
            RunNotFound: this server has never seen the run, or has given up its record.
        """
        if self._archive.start_of(run_id) is None:
            raise RunNotFound(f"Run {run_id} is not in the archive of this server.", "RunHistory lists the runs.")
        return self._archive.pictures.of(run_id)

    def read(self, run_id: str, number: int) -> bytes:
        """Return a picture of a run, as JPEG.

        Raises:
            RunNotFound: as of `of`.
            PictureNotFound: it has no picture of this number.
        """
        for picture in self.of(run_id):
            if picture.number == number:
                return picture.path.read_bytes()
        raise PictureNotFound(f"Run {run_id} has no picture {number}.", "ListRunPictures lists the pictures of a run.")
