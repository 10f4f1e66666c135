"""One server for all tests of single commands: building a client from the XML takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.hand import Hand, hand_on
from tests.processes import SimulatedRobot


@pytest.fixture(scope="session")
def served_hand(_robot_at_hand: str | SimulatedRobot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    """A server of the robot with its client, for the whole test run; use `hand`."""
    url = _robot_at_hand if isinstance(_robot_at_hand, str) else _robot_at_hand.url
    with hand_on(url, tmp_path_factory.mktemp("hand"), session={"allow_raw_commands": True}) as hand:
        yield hand


@pytest.fixture
def hand(served_hand: Hand, robot_url: str) -> Hand:
    """A client of a server that knows of no session, beside a robot that has just been switched on."""
    served_hand.begin_anew()
    return served_hand
