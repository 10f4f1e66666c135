"""A small device for tests of the server, and what is needed to serve it."""

from __future__ import annotations

import threading
from collections import namedtuple
from typing import Any

from sila_ot2.sila import Call, Execution, ObservableProperty

TIMEOUT_S = 30


class Broken(Exception):
    pass


class CommandCancelled(Exception):
    pass


class Public(Exception):
    """Told to the server as public, declared nowhere."""


class Covered(Public):
    """As public, with an error that is declared to stand in for it."""

    stand_ins = ("Nowhere", "Broken")


class SmallDevice:
    """Can hold calls, so that tests decide when they end."""

    def __init__(self) -> None:
        self.Level = ObservableProperty(1)
        self.Label = ObservableProperty("")
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.stubborn = False
        self.calls: list[Call] = []

    def Echo(self, Text: str, *, call: Call) -> str:
        self.calls.append(call)
        return Text

    def Weigh(self, Mass: float, *, call: Call) -> float:
        return Mass

    def Fail(self, Text: str, *, call: Call) -> None:
        kind, _, text = Text.partition(":")
        raise {"broken": Broken, "public": Public, "covered": Covered, "exit": SystemExit}.get(kind, KeyError)(text)

    def Hold(self, *, call: Call) -> None:
        self.entered.release()
        self.gate.wait(TIMEOUT_S)

    def Count(self, Values: list[int], *, call: Call) -> int:
        return len(Values)

    def Store(self, Content: bytes, *, call: Call) -> int:
        return len(Content)

    def Fetch(self, Size: int, *, call: Call) -> Any:
        return namedtuple("FetchResponses", ["A", "B"])(b"a" * Size, b"b" * Size)  # type: ignore[call-arg]

    def Run(self, Seconds: float, Result: str, *, execution: Execution) -> str:
        self.calls.append(execution)
        self.entered.release()
        if self.stubborn:
            self.gate.wait(Seconds)
        elif execution.cancelled.wait(Seconds):
            raise CommandCancelled("ended early")
        if Result == "broken":
            raise Broken("simulated")
        return Result

    def Produce(self, Size: int, *, execution: Execution) -> bytes:
        return b"p" * Size

    def Stop(self, *, call: Call) -> None:
        self.calls.append(call)

    def Serial(self, *, call: Call) -> str:
        return "4711"
