"""What all requests share: the way to the robot, and which release it runs."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

import httpx
from pydantic import TypeAdapter
from typing_extensions import Self

from sila_ot2.errors import RobotFaulty, RobotRefused
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.reachability import Reason, Unreachable
from sila_ot2.robot.releases import OLDEST, AbilityFound, Release, release_of
from sila_ot2.robot.translate import Refusal
from sila_ot2.robot.transport import MISUNDERSTOOD, Observe, Request, Timeouts, Transport, unobserved

_LIST = TypeAdapter(tuple[dict[str, Any], ...])


class Conversation:
    """Talks with one robot; makes no connection before the first request. Thread-safe."""

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.BaseTransport | None = None,
        release: Release | None = None,
        observe: Observe = unobserved,
    ) -> None:
        """Prepare to talk.

        Args:
            base_url: e.g. "http://192.168.1.20:31950".
            timeouts: how long to wait for what.
            transport: replaces the network in tests.
            release: what the robot runs, if that is known beforehand; else it is asked once, when it first matters.
            observe: observes each request.
        """
        self.transport = Transport(base_url, timeouts=timeouts, transport=transport, observe=observe)
        self._release = release
        self._found: dict[tuple[str, str], Mapping[Ability, AbilityFound]] = {}
        """What was found of each version of each robot that has answered, by serial number and version."""

    @property
    def release(self) -> Release:
        """The robot's release as /health said it last; asks, if it has never been asked."""
        if self._release is None:
            self.health()
        assert self._release is not None  # noqa: S101 - health() sets it or raises
        return self._release

    def health(self) -> wire.Health:
        """Ask who the robot is; every later request goes by the release it reports.

        Raises:
            Unreachable: with the reason, also if what answers is no OT-2 or too old.
        """
        request = self.get("/health", "report its health")
        try:
            health = self.transport.read(wire.Health, request, unwrap=False)
        except RobotRefused as error:
            raise _not_an_ot2(error.explanation) from error
        except RobotFaulty as error:
            if isinstance(error.__cause__, MISUNDERSTOOD):
                raise _not_an_ot2(error.explanation) from error
            raise
        if health.robot_model is not None and "OT-2" not in health.robot_model:
            raise _not_an_ot2(f"it says it is a {health.robot_model}.")
        release = release_of(health.api_version, firmware=health.fw_version)
        if release.version < (OLDEST[0], 0, 0):
            raise Unreachable(
                f"The robot's software {health.api_version} is too old; {OLDEST[0]}.{OLDEST[1]} or later is needed.",
                Reason.WRONG_VERSION,
            )
        self._release = replace(release, found=self.abilities_found(health))
        return health

    def abilities_found(self, health: wire.Health) -> Mapping[Ability, AbilityFound]:
        """Return what is known already of the version of the robot that answers."""
        return self._found.get((health.robot_serial or "", health.api_version), {})

    def note_abilities(self, health: wire.Health, found: Mapping[Ability, AbilityFound]) -> None:
        """Go by what the robot was found to offer, as long as it reports this version."""
        self._found[health.robot_serial or "", health.api_version] = found
        self._release = replace(self.release, found=found)

    def look_for_route(self, target: str) -> tuple[int, Refusal | None]:
        """Ask for something on a route; returns the status, and what the robot said if it refused.

        Args:
            target: path and query.

        Raises:
            Unreachable: the robot does not answer, or is starting.
        """
        return self.transport.status(self._look_at(target))

    def list_of(self, target: str) -> tuple[dict[str, Any], ...]:
        """Return a list as the robot writes it; `target` as in `look_for_route`."""
        return self.transport.read(_LIST, self._look_at(target))

    def _look_at(self, target: str) -> Request:
        url = httpx.URL(target)
        return self.get(url.path, f"answer on {target}", query=dict(url.params))

    @property
    def answered_at(self) -> float:
        """When the robot answered anything last, on the monotonic clock; minus infinity if it never has."""
        return self.transport.answered_at

    @property
    def has_changes_under_way(self) -> bool:
        """Whether a request that changes the robot waits for its answer."""
        return self.transport.changes_under_way > 0

    def probe(self, *, within_s: float) -> None:
        """Ask for any answer at all, over the connections that wait for nothing else.

        Raises:
            Unreachable: none came within this time.
        """
        with contextlib.suppress(RobotRefused, RobotFaulty):  # which are answers, too
            self.transport.ask(Request("GET", "/health", "answer at all", within_s, interrupt=True))

    def retry_reads(self) -> None:
        """Let the reads that wait for their answers ask once more: the robot was out of reach and is back."""
        self.transport.retry_reads()

    def close(self) -> None:
        """Close all connections; a request under way goes on until its answer or time-out."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(
        self, path: str, what: str, *, query: dict[str, str | int] | None = None, interrupt: bool = False
    ) -> Request:
        """Return a request to read something, to be sent by `transport`."""
        return Request("GET", path, what, self.transport.timeouts.read_s, query=query, interrupt=interrupt)


def _not_an_ot2(detail: str) -> Unreachable:
    return Unreachable(f"What answers at this address is not an OT-2: {detail}", Reason.NOT_AN_OT2)
