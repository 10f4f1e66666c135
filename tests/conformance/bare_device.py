"""A device served by the bare package, and a client of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Queue
from typing import Any

from sila2.client import SilaClient
from sila2.framework import CommandExecutionNotAccepted, Feature
from sila2.server import FeatureImplementationBase, SilaServer

from tests.fakes.definitions import SMALL_DEVICE
from tests.ports import free_port

MIB = 1024**2
SECRET = "the password"
DeviceFeature = Feature(SMALL_DEVICE)


class BareDevice(FeatureImplementationBase):  # type: ignore[misc]
    """The device of the unit tests, as the package wants it."""

    Run_default_lifetime_of_execution = timedelta(seconds=1)
    Produce_default_lifetime_of_execution = timedelta(seconds=30)

    def __init__(self, server: SilaServer) -> None:
        super().__init__(server)
        self.ended: list[object] = []
        """Results of the runs that have ended."""
        self._Level_producer_queue: Queue[object] = Queue()
        self._Label_producer_queue: Queue[object] = Queue()
        self._Level_producer_queue.put(1)

    def Level_on_subscription(self, *, metadata: Any) -> None:
        return None

    Label_on_subscription = Level_on_subscription

    def get_Serial(self, *, metadata: Any) -> Any:
        return "4711"

    def Echo(self, Text: Any, *, metadata: Any) -> Any:
        return Text

    def Weigh(self, Mass: Any, *, metadata: Any) -> Any:
        return Mass

    def Fail(self, Text: Any, *, metadata: Any) -> None:
        raise SystemExit if Text == "exit" else ValueError(Text)

    def Hold(self, *, metadata: Any) -> None:
        pass

    def Count(self, Values: Any, *, metadata: Any) -> Any:
        return len(Values)

    def Store(self, Content: Any, *, metadata: Any) -> Any:
        return len(Content)

    def Fetch(self, Size: Any, *, metadata: Any) -> Any:
        return b"a" * Size, b"b" * Size

    def Run(self, Seconds: Any, Result: Any, *, metadata: Any, instance: Any) -> Any:
        if Result == "busy":
            raise CommandExecutionNotAccepted("somebody else has the turn")
        instance.begin_execution()
        time.sleep(Seconds)
        self.ended.append(Result)
        return Result

    def Produce(self, Size: Any, *, metadata: Any, instance: Any) -> Any:
        return b"p" * Size

    def Stop(self, *, metadata: Any) -> None:
        pass


@contextmanager
def served(
    *more: Callable[[SilaServer], tuple[Feature, FeatureImplementationBase]], port: int = 0, **options: object
) -> Iterator[Any]:
    server = SilaServer("Bare", "TestServer", "", "1.0", "https://example.org", **options)
    device = BareDevice(server)
    server.set_feature_implementation(DeviceFeature, device)
    for make in more:
        server.set_feature_implementation(*make(server))
    port = port or free_port()
    server.start_insecure("127.0.0.1", port, enable_discovery=False)
    try:
        yield server, device, port
    finally:
        server.stop(0)


@contextmanager
def connected(*more: Any, **options: Any) -> Iterator[tuple[SilaServer, BareDevice, SilaClient]]:
    with served(*more, **options) as (server, device, port):
        client = SilaClient("127.0.0.1", port, insecure=True)
        try:
            yield server, device, client
        finally:
            client.close()


def _fails(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:  # noqa: BLE001 (however it fails)
        return True
    return False
