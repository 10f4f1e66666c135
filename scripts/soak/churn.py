"""Churn: clients that subscribe and vanish, start commands and abandon them, leave uploads half done, for a long time.

    python scripts/soak/churn.py              an hour
    python scripts/soak/churn.py --seconds 25 as the tests do

`sila_ot2.sila` serves a feature of its own in one process, the clients are in another. Threads, memory, open and
spooled files of the server must be afterwards where they were before; the exit code says whether they are.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 6
WARM_UP_CALLS = 1200
"""After so many the allocator has about as much memory as it will need, however slow the computer is."""
SETTLE_S = 60.0
LIFETIME_S = 3.0
SPARE_THREADS, SPARE_FILES, SPARE_BYTES = 2, 3, 24_000_000
"""What may differ: threads and files of gRPC itself, and memory that the allocator keeps."""


def names(identifier: str) -> str:
    """The three elements every definition begins with."""
    return (
        f"<Identifier>{identifier}</Identifier><DisplayName>{identifier}</DisplayName>"
        "<Description>For the churn.</Description>"
    )


def value(tag: str, identifier: str, kind: str) -> str:
    """A parameter or response of a basic type."""
    return f"<{tag}>{names(identifier)}<DataType><Basic>{kind}</Basic></DataType></{tag}>"


DEFINITION = (
    '<?xml version="1.0" encoding="utf-8" ?><Feature SiLA2Version="1.0" FeatureVersion="1.0" '
    'Originator="io.github.silaot" Category="soak" xmlns="http://www.sila-standard.org">'
    + names("Churn")
    + f"<Command>{names('Work')}<Observable>Yes</Observable>{value('Parameter', 'Seconds', 'Real')}"
    + f"{value('Parameter', 'Size', 'Integer')}{value('Response', 'Content', 'Binary')}"
    + f"{value('IntermediateResponse', 'Step', 'Integer')}</Command>"
    + f"<Command>{names('Store')}<Observable>No</Observable>{value('Parameter', 'Content', 'Binary')}</Command>"
    + f"<Property>{names('Count')}<Observable>Yes</Observable><DataType><Basic>Integer</Basic></DataType></Property>"
    + "</Feature>"
)
SERVICE = "/sila2.io.github.silaot.soak.churn.v1.Churn"
PARAMETER = "io.github.silaot/soak/Churn/v1/Command/Store/Parameter/Content"


def serve(spool: Path) -> None:
    """Serve the feature until standard input ends; prints the port."""
    from sila_ot2.sila import Call, Execution, FeatureBinding, Limits, ObservableProperty, Server, ServerInfo

    class Churn:
        def __init__(self) -> None:
            self.Count = ObservableProperty(0)

        def Work(self, Seconds: float, Size: int, *, execution: Execution) -> bytes:  # noqa: N802, N803
            execution.send_intermediate(1)
            execution.report(0.5, Seconds)
            execution.cancelled.wait(Seconds)
            return bytes(Size)

        def Store(self, Content: bytes, *, call: Call) -> None:  # noqa: N802, N803
            pass

    churn, over = Churn(), threading.Event()
    server = Server(
        ServerInfo(
            name="Churn",
            type="Churn",
            description="",
            version="1.0",
            vendor_url="https://example.org",
            uuid=UUID(int=1),
        ),
        [FeatureBinding(DEFINITION, churn)],
        limits=Limits(
            execution_lifetime_s=LIFETIME_S,
            binary_lifetime_s=LIFETIME_S,
            executions=1000,
            binaries=1000,
            result_memory_bytes=1_000_000,
            result_disk_bytes=2 * 1024**3,
        ),
        spool_directory=spool,
    )
    print(server.start("127.0.0.1", 0, None), flush=True)

    def count() -> None:
        n = 0
        while not over.wait(0.02):
            n += 1
            churn.Count.set(n)

    counting = threading.Thread(target=count)
    counting.start()
    sys.stdin.read()
    over.set()
    counting.join()
    server.stop(2.0)


class ChurningClients:
    """Some threads that misbehave in turn, each with connections of its own."""

    def __init__(self, port: int, seed: int) -> None:
        self._port = port
        self._over = threading.Event()
        self.calls_made = 0
        self._threads = [
            threading.Thread(target=self._misbehave, args=(random.Random(seed + n),)) for n in range(CLIENTS)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let them finish what they are at."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _misbehave(self, chance: random.Random) -> None:
        import grpc

        while not self._over.is_set():
            channel = grpc.insecure_channel(
                f"127.0.0.1:{self._port}", options=[("grpc.use_local_subchannel_pool", 1)]
            )  # a connection of its own, closed with all that is under way on it
            calls_made: list[Callable[[grpc.Channel, random.Random], None]] = [
                subscribe_and_vanish,
                start_and_abandon,
                upload_half,
            ]
            for _ in range(10):
                with suppress(grpc.RpcError):  # refused at a limit: that is right
                    chance.choice(calls_made)(channel, chance)
                self.calls_made += 1
            channel.close()


def subscribe_and_vanish(channel, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    """Subscribe to the property, read a little or nothing, and go with or without a word."""
    stream = channel.unary_stream(f"{SERVICE}/Subscribe_Count")(b"", timeout=30)
    for _ in range(chance.choice([0, 0, 1, 3])):
        next(stream)
    if chance.random() < 0.7:
        stream.cancel()  # else the channel takes it along


def start_and_abandon(channel, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    """Start a command, ask for something of it, mostly too early, and forget it."""
    from sila_ot2.sila import patches  # noqa: F401 (before protobuf)
    from sila2.framework.pb2 import SiLAFramework_pb2 as pb2  # isort: skip

    seconds = pb2.Real(value=chance.choice([0.0, 0.01, 0.3])).SerializeToString()
    size = pb2.Integer(value=chance.choice([0, 10_000, 3_000_000])).SerializeToString()
    request = bytes([0x0A, len(seconds)]) + seconds + bytes([0x12, len(size)]) + size
    confirmed = channel.unary_unary(f"{SERVICE}/Work")(request, timeout=30)
    uuid = pb2.CommandConfirmation.FromString(confirmed).commandExecutionUUID.SerializeToString()
    for what in chance.sample(["Info", "Intermediate", "Result"], 2):
        if what == "Result":
            channel.unary_unary(f"{SERVICE}/Work_Result")(uuid, timeout=30)
        else:
            stream = channel.unary_stream(f"{SERVICE}/Work_{what}")(uuid, timeout=30)
            if chance.random() < 0.5:
                next(stream, None)
                stream.cancel()


def upload_half(channel, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    """Announce three chunks and send two or fewer."""
    from sila_ot2.sila import patches  # noqa: F401 (before protobuf)
    from sila2.framework.abc.binary_transfer_handler import grpc_module, pb2_module  # isort: skip

    upload = grpc_module.BinaryUploadStub(channel)
    request = pb2_module.CreateBinaryRequest(binarySize=300_000, chunkCount=3, parameterIdentifier=PARAMETER)
    key = upload.CreateBinary(request, timeout=30).binaryTransferUUID
    chunks = [
        pb2_module.UploadChunkRequest(binaryTransferUUID=key, chunkIndex=n, payload=bytes(100_000)) for n in range(2)
    ]
    call = upload.UploadChunk(iter(chunks), timeout=30)
    if chance.random() < 0.5:
        list(call)
    else:
        next(call)
        call.cancel()


@dataclass(frozen=True)
class State:
    """What a server holds."""

    threads: int
    files: int
    spooled: int
    memory: int

    def __str__(self) -> str:
        return f"{self.threads} threads, {self.files} files, {self.spooled} spooled, {self.memory / 1e6:.0f} MB"


def state(server: psutil.Process, spool: Path) -> State:
    """Look at the server from outside."""
    with server.oneshot():
        spooled = sum(path.is_file() for path in spool.rglob("*"))
        return State(server.num_threads(), server.num_fds(), spooled, server.memory_info().rss)


def settled(now: State, before: State) -> bool:
    """Whether everything is where it was."""
    return (
        now.threads <= before.threads + SPARE_THREADS
        and now.files <= before.files + SPARE_FILES
        and now.spooled == 0
        and now.memory <= before.memory + SPARE_BYTES
    )


def churn(seconds: float, seed: int) -> bool:
    """Churn for some time; True when everything settled and the server stopped."""
    with tempfile.TemporaryDirectory() as folder:
        spool = Path(folder)
        command = [sys.executable, __file__, "--serve", str(spool)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            port, server = int(process.stdout.readline()), psutil.Process(process.pid)
            fresh = state(server, spool)
            clients = ChurningClients(port, seed)
            while clients.calls_made < WARM_UP_CALLS and process.poll() is None:
                time.sleep(0.2)
            warm = state(server, spool)
            before = State(fresh.threads, fresh.files, 0, warm.memory)
            print(f"fresh    {fresh}\nwarm     {warm}", flush=True)
            deadline, next_report = time.monotonic() + seconds, time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.2)
                if time.monotonic() > next_report:
                    next_report += 60
                    print(f"         {state(server, spool)}; {clients.calls_made} calls_made", flush=True)
            busy = state(server, spool)
            clients.end()
            deadline = time.monotonic() + SETTLE_S
            after = state(server, spool)
            while not settled(after, before) and time.monotonic() < deadline:
                time.sleep(0.2)
                after = state(server, spool)
            print(f"busy     {busy}\nafter    {after}; {clients.calls_made} calls_made", flush=True)
            process.stdin.close()
            stopped = process.wait(30) == 0
    return stopped and settled(after, before)


def main() -> int:
    """Run the churn, or its server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return 0
    return 0 if churn(arguments.seconds, arguments.seed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
