"""A robot that falls silent in the middle of a reading, and one that is only slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest

from sila_ot2.driver.monitor.liveness import LivenessMonitor
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem, Reachability
from sila_ot2.errors import OT2Fault
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.releases import release_of

INTERVAL_S = 0.1
TIMEOUT_S = 60
"""For a loaded machine; nothing here waits that long."""


class HangingRobot:
    """Hangs on every route named, until `over` is set: by the test, or because it is asked again."""

    def __init__(self, *hanging: str) -> None:
        self.hanging = set(hanging)
        self.over = threading.Event()
        self.probed = threading.Semaphore(0)
        self.client = RobotClient(
            "http://robot", transport=httpx.MockTransport(self._answer), release=release_of("8.1.0")
        )
        self.client.transport.retry_reads = self.over.set  # type: ignore[method-assign]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/health":
            self.probed.release()
        if path in self.hanging:
            if path != "/health":
                assert self.over.wait(TIMEOUT_S)
            if path in self.hanging:
                raise httpx.ReadTimeout("silent")
        return httpx.Response(200, json={"data": [], "links": {}})


class Seen:
    """The contacts in the order they came."""

    def __init__(self, reachability: Reachability) -> None:
        self.obstacles: list[ContactProblem] = []
        self._came = threading.Condition()
        reachability.contact.subscribe(lambda contact: self._note(contact.problem))

    def _note(self, problem: ContactProblem) -> None:
        with self._came:
            self.obstacles.append(problem)
            self._came.notify_all()

    def wait_for(self, problem: ContactProblem) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.obstacles[-1] is problem, TIMEOUT_S)


@pytest.fixture
def reachability() -> Reachability:
    made = Reachability()
    with made.asking():
        pass
    return made


@pytest.fixture
def watch_of(reachability: Reachability) -> Iterator[list[LivenessMonitor]]:
    watches: list[LivenessMonitor] = []
    yield watches
    for watch in watches:
        watch.stop()


def read(robot: HangingRobot, watch: LivenessMonitor, reachability: Reachability) -> threading.Thread:
    def look() -> None:
        with watch.reading(INTERVAL_S):
            try:
                with reachability.asking():
                    robot.client.runs()
            except OT2Fault:
                pass

    thread = threading.Thread(target=look)
    thread.start()
    return thread


def test_silence_is_reported_while_the_reading_waits_and_its_end_by_a_reading_begun_after_it(
    reachability: Reachability, watch_of: list[LivenessMonitor]
) -> None:
    robot, seen = HangingRobot("/runs", "/health"), Seen(reachability)
    watch = LivenessMonitor(robot.client, reachability)
    watch_of.append(watch)
    watch.start()
    reading = read(robot, watch, reachability)
    seen.wait_for(ContactProblem.TIMED_OUT)
    robot.hanging.clear()
    reading.join(TIMEOUT_S)  # it is made to ask once more, and answered; but what it began with is old
    assert seen.obstacles == [ContactProblem.NONE, ContactProblem.TIMED_OUT]
    read(robot, watch, reachability).join(TIMEOUT_S)
    assert seen.obstacles == [ContactProblem.NONE, ContactProblem.TIMED_OUT, ContactProblem.NONE]


def test_a_reading_that_hangs_alone_is_lost_only_when_it_gives_up(
    reachability: Reachability, watch_of: list[LivenessMonitor]
) -> None:
    robot, seen = HangingRobot("/runs"), Seen(reachability)
    watch = LivenessMonitor(robot.client, reachability)
    watch_of.append(watch)
    watch.start()
    reading = read(robot, watch, reachability)
    for _ in range(2):
        assert robot.probed.acquire(timeout=TIMEOUT_S)
    assert seen.obstacles == [ContactProblem.NONE]
    assert not robot.over.is_set()  # nor is it asked again: it may only be slow
    robot.over.set()
    reading.join(TIMEOUT_S)
    assert seen.obstacles == [ContactProblem.NONE, ContactProblem.TIMED_OUT]


def test_a_listener_that_fails_does_not_end_the_watching(
    reachability: Reachability, watch_of: list[LivenessMonitor]
) -> None:
    def fail(contact: Contact) -> None:
        if contact.problem is not ContactProblem.NONE:
            raise ValueError("This listener does not understand the contact.")

    reachability.contact.subscribe(fail)
    robot = HangingRobot("/runs", "/health")
    watch = LivenessMonitor(robot.client, reachability)
    watch_of.append(watch)
    watch.start()
    reading = read(robot, watch, reachability)
    for _ in range(3):
        assert robot.probed.acquire(timeout=TIMEOUT_S)
    robot.hanging.clear()
    reading.join(TIMEOUT_S)
    assert robot.over.is_set()


def test_nothing_is_asked_while_nothing_is_read(reachability: Reachability, watch_of: list[LivenessMonitor]) -> None:
    robot = HangingRobot()
    watch = LivenessMonitor(robot.client, reachability)
    watch_of.append(watch)
    watch.start()
    read(robot, watch, reachability).join(TIMEOUT_S)
    assert not robot.probed.acquire(timeout=3 * INTERVAL_S)
