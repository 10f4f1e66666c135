"""Finds what is wrong with the liquids that commands draw; the configured rules say what follows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sila_ot2.driver.deck.state.contents import ContentsDeck, LiquidProblem
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.deck.state.tip_racks import RackDeck
from sila_ot2.driver.tracking.liquids.liquid_use import CONCERNS_LIQUIDS, RunDeck, RunParts
from sila_ot2.driver.tracking.steps.step_text import waits_for_operator
from sila_ot2.driver.tracking.stock.liquid_stock import Contents
from sila_ot2.errors import NotEnoughLiquid, TipContaminated
from sila_ot2.robot import wire
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

Mode = Literal["off", "warn", "refuse"]
REMEDIES = {
    "Shortage": "Fill the well. Then, or if what is known is wrong, state what it holds (DeclareLiquid).",
    "Contamination": "Use a new tip, or give liquids that are the same the same name (DeclareLiquid).",
}


@dataclass(frozen=True)
class LiquidRules:
    """What follows from a problem with a liquid that is drawn."""

    volumes: Mode = "refuse"
    """Of one that takes more than is in the well, as somebody has stated it."""
    contamination: Mode = "warn"
    """Of one with a tip that has touched something else."""

    def mode_of(self, problem: LiquidProblem) -> Mode:
        """Return what follows from a problem."""
        return self.volumes if problem.kind == "Shortage" else self.contamination

    def judge(self, problems: Iterable[LiquidProblem]) -> None:
        """Return if commands with these problems may be sent; what is only a warning is logged.

        Raises:
            NotEnoughLiquid: a well holds less than is to be drawn from it.
            TipContaminated: a tip that has touched something else is to enter a well.
        """
        for problem in problems:
            mode = self.mode_of(problem)
            if mode == "refuse" and problem.kind == "Shortage":
                raise NotEnoughLiquid(str(problem), REMEDIES[problem.kind])
            if mode == "refuse":
                raise TipContaminated(str(problem), REMEDIES[problem.kind])
            if mode == "warn":
                log.warning("%s %s", problem, REMEDIES[problem.kind])


DEFAULT_RULES = LiquidRules()


def liquid_problems(analysis: wire.Analysis, contents: Contents, known: KnownLabware) -> list[LiquidProblem]:
    """Return what is wrong with the liquids that a protocol draws.

    Only wells of which somebody has stated the volume can hold too little. When the protocol pauses for the operator,
    or lets labware be moved by hand, any well may be filled: from then on nobody knows.

    Args:
        analysis: of the protocol.
        contents: what the wells hold now.
        known: the labware.
    """
    run, parts = RunDeck(), RunParts.of(analysis)
    racks, deck = RackDeck({}, utc_now()), ContentsDeck(contents, utc_now())
    for command in analysis.commands:
        if waits_for_operator(command):
            deck.doubt_all()
        if command.command_type in CONCERNS_LIQUIDS:
            labware_id = str(command.params.get("labwareId") or (command.result or {}).get("labwareId") or "")
            run.follow(command, labware_id, parts, racks, deck, known)
    return deck.problems
