"""Copies what is new to the central database, on a thread of its own: nothing else waits for it.

The archive and the audit trail are the outbox: what is not copied yet is not removed from them while the disk has room,
so nothing is lost while the database is away for days, or when this process is killed. A copy that is made twice
changes nothing.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.central.database import CentralDatabase, DatabaseAway, first_line
from sila_ot2.central.disk_space import DiskSpace
from sila_ot2.central.tables import AUDIT, PICTURES, RUNS
from sila_ot2.errors import StorageFull
from sila_ot2.store.audit.chain import End
from sila_ot2.store.audit.tail import AuditTail
from sila_ot2.store.central_copies import CentralCopies
from sila_ot2.store.run_pictures import RunPicture
from sila_ot2.store.runs import RunArchive, RunRecord
from sila_ot2.subscribers import Subscribers

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""How often it looks for what is new."""
TRY_AGAIN_S = (5.0, 15.0, 60.0)
"""The pauses after failures, the last one again and again."""
BATCH = 500
"""Entries of the audit trail that are copied at a time."""
MOST_REFUSED = 10
"""After so many refusals the rest waits for the next time: it seems to be about the database."""
LATE_AFTER_S = 3600.0
"""After this time in which not everything could be copied, people are told."""
_END_S = 2.0


class CentralCopying:
    """One per robot.

    Args:
        database: where to.
        copies: what was copied.
        archive: the runs.
        tail: the audit trail; None if there is none.
        disk_space: whether the disk has room for what is not copied.
        server_uuid: UUID of the server.
        robot: name of the robot's host.
    """

    def __init__(
        self,
        database: CentralDatabase,
        copies: CentralCopies,
        archive: RunArchive,
        tail: AuditTail | None,
        disk_space: DiskSpace,
        server_uuid: UUID,
        robot: str,
    ) -> None:
        self._database = database
        self._copies = copies
        self._archive = archive
        self._tail = tail
        self._disk_space = disk_space
        self._server_uuid = str(server_uuid)
        self._robot = robot
        self._copied = copies.pictures(database.place)
        self._new: dict[str, None] = {}
        """Runs that wait, the next one first: what is refused goes to the end."""
        self._refused: set[str] = set()
        """What was refused the last time; said once in the log."""
        self._failing_since: float | None = None
        self._why = ""
        self._is_late = False
        self._may_be_another = False
        """Whether the database was connected to anew, and what was copied was not looked for there yet."""
        self.on_late: Subscribers[str] = Subscribers()
        """Called once, with a text for people, when copies are late."""
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._copy_always, name="central database", daemon=True)

    def start(self) -> None:
        """Copy from now on, and begin with what was not copied before."""
        self._new.update(
            dict.fromkeys(
                run for run in self._archive.known() if self._copied.get(run) != len(self._archive.pictures.of(run))
            )
        )
        self._thread.start()

    def stop(self) -> None:
        """End within a moment; what was not copied is copied after the next start. A second time is harmless."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    @property
    def waiting(self) -> int:
        """How many runs wait to be copied."""
        return len(self._new)

    def is_copied(self, run_id: str) -> bool:
        """Return whether a run was copied, so that the archive may forget it."""
        return run_id in self._copied and run_id not in self._new

    def may_forget(self, run_id: str) -> bool:
        """Return whether the archive may forget a run: it was copied, or the disk has no room."""
        return self.is_copied(run_id) or not self._disk_space.is_left

    @property
    def needed_from(self) -> float:
        """Number of the first entry of the audit trail that may not be removed."""
        return self._tail.needed_from if self._tail is not None and self._disk_space.is_left else math.inf

    def look_at(self, run_id: str) -> None:
        """A run has ended, or has a picture more; does not wait."""
        self._new[run_id] = None
        self._wake.set()

    def _copy_always(self) -> None:
        failures = 0
        self._try("the list of copied runs", self._forget_runs)
        while not self._stopping:
            self._wake.clear()
            try:
                complete = self._copy_new()
            except DatabaseAway as away:
                complete, self._why = False, str(away)
                if not failures:
                    log.error("%s: copies wait until it can be used: %s", self._database.place, away)
            except Exception as error:  # the next pass may go better; without this thread nothing is copied any more
                complete, self._why = False, first_line(error)
                log.exception("%s: copies wait", self._database.place)
            if complete and failures:
                log.info("%s: everything is copied again", self._database.place)
            failures = 0 if complete else failures + 1
            self._look_whether_late(complete=complete)
            self._pause(failures)
        self._database.close()

    def _forget_runs(self) -> None:
        if gone := set(self._copied) - self._archive.known():
            self._copies.forget_runs(self._database.place, gone)

    def _look_whether_late(self, *, complete: bool) -> None:
        if complete or self._stopping:
            self._failing_since, self._is_late = None, False
            return
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since = now
        if not self._is_late and now - self._failing_since >= LATE_AFTER_S:
            self._is_late = True
            text = (
                f"For {LATE_AFTER_S / 60:.0f} minutes not everything could be copied to {self._database.place} "
                f"({self._why}). Look at that database and at the setting central.database. Until then old runs and "
                "the audit trail are kept, and fill the disk of this server."
            )
            log.error("%s", text)
            self.on_late.fire(text)

    def _pause(self, failures: int) -> None:
        """Wait for something new; after a failure, for the time that it takes, or the end."""
        until = time.monotonic() + (TRY_AGAIN_S[min(failures, len(TRY_AGAIN_S)) - 1] if failures else EVERY_S)
        while not self._stopping and (left_s := until - time.monotonic()) > 0:
            if self._wake.wait(left_s) and not failures:
                return
            self._wake.clear()

    def _copy_new(self) -> bool:
        """Copy everything that is new; return whether all of it could be copied.

        Raises:
            DatabaseAway: the database cannot be used now.
        """
        self._may_be_another |= self._database.prepare()
        if self._may_be_another and self._was_emptied():
            self._begin_anew()
        self._may_be_another = False
        complete = self._try("the audit trail", self._copy_audit)
        refused = 0
        for run_id in tuple(self._new):
            if self._stopping or refused == MOST_REFUSED:
                return False
            self._copied.pop(run_id, None)  # the archive keeps it while it is copied
            self._new.pop(run_id, None)  # before it is read: what is new after that is copied again
            copied = False
            try:
                copied = self._try(f"run {run_id}", partial(self._copy_run, run_id))
            finally:
                if not copied:
                    self._new[run_id] = None
            refused += not copied
        return complete and not refused

    def _was_emptied(self) -> bool:
        """Return whether what was copied last is not in the database any more.

        Of the runs, one that is still in the archive stands for all: the laboratory may have removed old ones.
        """
        place, server = self._database.place, self._server_uuid
        if (end := self._copies.audit_end(place)).number:
            return not self._database.has(server, AUDIT.c.digest, end.digest)
        return any(not self._database.has(server, RUNS.c.run_id, run_id) for run_id in list(self._copied)[-1:])

    def _begin_anew(self) -> None:
        log.warning(
            "%s does not have what was copied there: everything that this server still has is copied again",
            self._database.place,
        )
        self._copies.forget(self._database.place)
        self._copied.clear()
        self._new.update(dict.fromkeys(self._archive.known()))
        if self._tail is not None:
            self._tail.begin_anew()

    def _try(self, what: str, do: Callable[[], None]) -> bool:
        """Return whether something could be done; a failure is about that alone, and nothing else waits for it.

        Raises:
            DatabaseAway: the database cannot be used now.
        """
        try:
            do()
        except DatabaseAway:
            raise
        except Exception as error:
            if what not in self._refused:
                expected = isinstance(error, SQLAlchemyError | StorageFull | OSError)
                log.error("%s: %s waits: %s", self._database.place, what, first_line(error), exc_info=not expected)
            self._refused.add(what)
            self._why = f"{what}: {first_line(error)}"
            return False
        self._refused.discard(what)
        return True

    def _copy_run(self, run_id: str) -> None:
        record = self._archive.record(run_id)
        if record is None:
            return
        pictures = self._archive.pictures.of(run_id)
        row = {**self._described(record), "log": self._archive.compressed_log(run_id)}
        self._database.add({RUNS: [row], PICTURES: [self._picture(run_id, picture) for picture in pictures]})
        self._copies.note_run(self._database.place, run_id, len(pictures))
        self._copied[run_id] = len(pictures)

    def _described(self, record: RunRecord) -> Mapping[str, Any]:
        start = record.start
        return {
            "server_uuid": self._server_uuid,
            "run_id": start.run_id,
            "robot": self._robot,
            "origin": start.origin,
            "purpose": start.purpose,
            "protocol_name": start.protocol_name,
            "label": start.label,
            "result": record.result,
            "explanation": record.explanation,
            "started_at": record.started_at,
            "completed_at": record.completed_at,
            "seen_ended_at": record.seen_ended_at,
            "duration_s": record.duration_s,
            "tips_used": record.tips_used,
            "record": record.model_dump_json(),
        }

    def _picture(self, run_id: str, picture: RunPicture) -> Mapping[str, Any]:
        return {
            "server_uuid": self._server_uuid,
            "run_id": run_id,
            "file_name": picture.path.name,
            "moment": picture.moment,
            "taken_at": picture.taken_at,
            "content": picture.path.read_bytes(),
        }

    def _copy_audit(self) -> None:
        while self._tail is not None and not self._stopping and (entries := self._tail.read(BATCH)):
            failure: SQLAlchemyError | None = None
            taken = len(entries)
            try:
                self._add_audit(entries)
            except SQLAlchemyError as error:
                failure, taken = error, self._add_each(entries)
            if taken:
                last, _ = entries[taken - 1]
                self._copies.note_audit(self._database.place, last)
                self._tail.took(taken)
            if failure is not None and taken < len(entries):
                raise failure

    def _add_audit(self, entries: Sequence[tuple[End, str]]) -> None:
        rows = [
            {"server_uuid": self._server_uuid, "digest": end.digest, "number": end.number, "line": line}
            for end, line in entries
        ]
        self._database.add({AUDIT: rows})

    def _add_each(self, entries: Sequence[tuple[End, str]]) -> int:
        """Add entries that were refused together; return how many of the first ones are done with.

        An entry is left out only if the database takes a later one, and refuses it once more after that.
        """
        refused: list[tuple[End, str]] = []
        done = 0
        for number, entry in enumerate(entries, 1):
            if self._stopping or len(refused) == MOST_REFUSED:
                break
            if self._refusal(entry) is not None:
                refused.append(entry)
                continue
            for left_out in refused:
                if (error := self._refusal(left_out)) is not None:
                    log.error(
                        "entry %d of the audit trail is left out in %s, which refuses it: %s",
                        left_out[0].number,
                        self._database.place,
                        first_line(error),
                    )
            refused.clear()
            done = number
        return done

    def _refusal(self, entry: tuple[End, str]) -> SQLAlchemyError | None:
        """Add one entry of the audit trail; return why it was refused."""
        try:
            self._add_audit([entry])
        except SQLAlchemyError as error:
            return error
        return None
