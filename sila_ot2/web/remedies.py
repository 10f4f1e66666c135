"""What an operator does about a robot, in words of the page: those of the server name commands of SiLA."""

from __future__ import annotations

from typing import Final

from sila_ot2.web import texts
from sila_ot2.web.command_names import in_words

SERVER: Final = "--server ADDRESS"
"""Stands for the address of the server in the texts."""
RECONCILE: Final = (
    f'Look at the deck and the pipettes. Then press "{texts.LOOKED}" under {texts.NOW}, and enter what you have seen. '
    "Without a log-in, take off by hand a tip that the robot does not know of, and no other; in a "
    f"terminal, sila-ot2 session {SERVER} shows the tips that it knows of. Then run: "
    f"sila-ot2 call AtomicLiquidHandling.ReconcileState Confirm=true {SERVER} and, if a tip is missing that the robot "
    """knows of, add TipStates='[{"Mount": "right", "TipState": "NoTip"}]' with its mount."""
)
RELEASE_STOP: Final = (
    f"Look at the robot. When it is safe, run in a terminal: sila-ot2 call OT2SafetyStopController.ReleaseStop {SERVER}"
)
REMEDIES: Final = {
    "ReleaseStop": RELEASE_STOP,
    "SafetyStopActive": RELEASE_STOP,
    "EndHandover": "Look at the robot. The program that moves the arm ends the hand-over. If it does not, and the arm "
    f"is clear of the robot, run in a terminal: sila-ot2 call OT2DeckService.AbortHandover {SERVER}",
    "ReconcileState": RECONCILE,
    "NotReconciled": RECONCILE,
    "OutcomeUnknown": RECONCILE,
    "StopRun": "Press Stop.",
    "CheckModule": "Look after the samples, then set the block or switch it off under Modules.",
}
"""What to do here, where the server's own words name commands; by the code of the required action or the obstacle."""


def remedy(code: str, given: str, address: str) -> str:
    """Return what to do.

    Args:
        code: the code of the required action, or of the obstacle.
        given: the remedy in the server's words, for other codes.
        address: where the server is.
    """
    return (REMEDIES[code] if code in REMEDIES else in_words(given)).replace(SERVER, f"--server {address}")
