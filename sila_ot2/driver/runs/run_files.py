"""The files that the robot keeps of a run; nothing of them is kept here."""

from __future__ import annotations

from sila_ot2.cancellation import Cancellation
from sila_ot2.errors import CommandCancelled, FileNotFound, Movement
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class RunFiles:
    """One per robot; reads alone, safe to use from any thread."""

    def __init__(self, robot: RobotClient) -> None:
        self._robot = robot

    def files_of_run(self, run_id: str) -> tuple[wire.RunFile, ...]:
        """Return the files of a run, those that it took first.

        Raises:
            UnsupportedByRobot: the robot lists no files of runs (before release 8.8).
            RunNotFound: the robot has no such run.
            RobotUnreachable, RobotFaulty: the robot cannot be read.
        """
        return self._robot.run_files(run_id)

    def content_of_file(self, run_id: str, file_id: str, *, cancelled: Cancellation) -> bytes:
        """Return the content of a file of a run.

        Raises:
            FileNotFound: the run has no such file, or the robot does not have its content.
            CommandCancelled: before the content was read.
            OT2Fault: as `files_of_run`.
        """
        files = self.files_of_run(run_id)
        if not any(file.id == file_id and file.stored for file in files):
            there = ", ".join(f"{file.id} ({file.filename})" for file in files if file.stored) or "none"
            raise FileNotFound(
                f"The robot has no file {file_id} of run {run_id}; it has: {there}.", "ListRunFiles lists the files."
            )
        if cancelled.is_set():
            raise CommandCancelled("The file was not read.", moved=Movement.NONE)
        return self._robot.run_file(file_id)
