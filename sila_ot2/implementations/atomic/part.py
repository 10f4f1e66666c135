"""What the parts of AtomicLiquidHandling share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sila_ot2.driver.deck.plans.plan import CommandPlan
from sila_ot2.driver.recovery.remedies import Remedies, nothing
from sila_ot2.driver.session.session import Session
from sila_ot2.errors import OT2Fault
from sila_ot2.generated.atomic_liquid_handling import CommandRecord
from sila_ot2.implementations.atomic.mapping import record_of
from sila_ot2.implementations.recovering import watched
from sila_ot2.robot import wire
from sila_ot2.sila import Execution


class AtomicPart:
    """A group of commands of the session."""

    _session: Session
    _remedies: Remedies
    _simulated: bool

    def _perform(self, name: str, plan: CommandPlan, execution: Execution) -> list[wire.Command]:
        """Carry out a command; if it is refused before anything was done, a client can remedy that."""
        with watched(execution, self._remedies.recovery) as found:
            prepare = nothing
            while True:
                try:
                    prepare()
                    return self._session.perform(
                        name,
                        plan,
                        cancelled=execution.cancelled,
                        report=execution.report,
                        unreachable=partial(self._remedies.step_again, found),
                    )
                except OT2Fault as fault:
                    if (remedied := self._remedies.remedied(found, fault)) is None:
                        raise
                    prepare = remedied

    def _record_of(self, commands: Sequence[wire.Command]) -> CommandRecord:
        return record_of(commands, simulated=self._simulated)
