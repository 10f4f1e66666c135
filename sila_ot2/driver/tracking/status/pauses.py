"""Why a run is paused, and what its protocol asks for meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from sila_ot2.driver.tracking.status.run_status import PauseReason, pause_reason_of, plays_of, was_resumed
from sila_ot2.driver.tracking.steps.step_text import operator_message
from sila_ot2.robot import wire


class Pauses:
    """Follows the pauses of one run. Not thread-safe."""

    def __init__(self) -> None:
        self.reason = PauseReason.NOT_PAUSED
        self.message = ""
        """What the protocol asks for."""
        self.prompt_id = ""
        """The last command with which it asks."""
        self._plays = 0
        self._asked: list[wire.Command] = []

    def note(self, command: wire.Command) -> None:
        """Note a command that was begun and has ended."""
        if operator_message(command) is not None:
            self._asked.append(command)

    def follow(self, run: wire.Run, current: wire.Command | None, foreign_ids: Collection[str]) -> None:
        """Take over the latest report of the run.

        Args:
            run: as the robot reports it.
            current: the step under way.
            foreign_ids: actions on a run of ours that somebody else asked for.
        """
        prompts, plays = self._waiting(run, current), plays_of(run)
        reason = pause_reason_of(run, bool(prompts), foreign_ids=foreign_ids)
        if reason is PauseReason.UNKNOWN and self.reason is not PauseReason.NOT_PAUSED and plays == self._plays:
            reason = self.reason  # closing the door leaves a run paused for the same reason
        if reason is not PauseReason.BY_PROTOCOL:
            prompts = []
        self.reason, self._plays = reason, plays
        self.message = "; ".join(filter(None, map(operator_message, prompts)))
        self.prompt_id = prompts[-1].id if prompts else ""

    def _waiting(self, run: wire.Run, current: wire.Command | None) -> list[wire.Command]:
        """Return the protocol's pauses that nobody has answered: under way, or ended without a resume since.

        An old protocol waits only at the next step that moves something, once for all pauses before it.
        """
        waiting = [asked for asked in self._asked if not was_resumed(run, asked.started_at)]
        return [*waiting, current] if current is not None and operator_message(current) is not None else waiting
