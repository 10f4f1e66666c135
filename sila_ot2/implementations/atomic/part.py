"""What the parts of AtomicLiquidHandling share."""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.driver.deck.plan import CommandPlan
from sila_ot2.driver.session.session import Session
from sila_ot2.generated.atomic_liquid_handling import CommandRecord
from sila_ot2.implementations.atomic.mapping import record_of
from sila_ot2.robot import wire
from sila_ot2.sila import Execution


class AtomicPart:
    """A group of commands of the session."""

    _session: Session
    _simulated: bool

    def _perform(self, name: str, plan: CommandPlan, execution: Execution) -> list[wire.Command]:
        return self._session.perform(name, plan, cancelled=execution.cancelled, report=execution.report)

    def _record(self, name: str, plan: CommandPlan, execution: Execution) -> CommandRecord:
        commands = self._session.perform(name, plan, cancelled=execution.cancelled, report=execution.report)
        return self._record_of(commands)

    def _record_of(self, commands: Sequence[wire.Command]) -> CommandRecord:
        return record_of(commands, simulated=self._simulated)
