"""The settings of a server: how much of what it takes."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024**2
_DAY_S = 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of what a server takes. What is beyond is refused with a message that names the setting.

    Attributes:
        connections: connections of clients at a time; beyond, a new one is closed at once.
        connection_idle_s: a connection without a call is closed after so long; a client connects anew by itself.
        handshake_s: a connection whose handshake takes longer is closed.
        streams: subscriptions of properties, execution infos and intermediate responses at a time, all clients
            together.
        calls: unobservable commands and initiations of observable ones under way at a time.
        reads: properties, results and binary requests being read at a time.
        interrupts: pauses and resumptions under way, and stops running, at a time; neither takes from the other, nor
            from anything else.
        stops: initiations of stops, cancellations and SiLAService calls under way at a time; none of them waits.
        transfers: uploads and downloads of chunks under way at a time.
        executions: observable commands running at a time.
        kept_executions: finished executions that can still be asked for; beyond, the oldest are forgotten early.
        execution_lifetime_s: how long an execution can be asked for after its end.
        message_bytes: the largest message received.
        binary_bytes: the largest uploaded binary.
        binary_chunks: the most chunks of one.
        binaries: uploads, and downloads, that exist at a time.
        binary_lifetime_s: how long a binary that nobody touches is kept.
        upload_disk_bytes: disk for all uploads together.
        result_memory_bytes: memory for results of executions and large responses; beyond, they are kept on disk.
        result_disk_bytes: disk for them.
        keepalive_s: after this time without a message, a ping is sent to the client.
        keepalive_timeout_s: a client that does not answer a ping in this time is disconnected, and its streams end.
    """

    connections: int = 1000
    connection_idle_s: float = 600.0
    handshake_s: float = 10.0
    streams: int = 1200
    calls: int = 64
    reads: int = 64
    interrupts: int = 64
    stops: int = 16
    transfers: int = 32
    executions: int = 128
    kept_executions: int = 10_000
    execution_lifetime_s: float = _DAY_S
    message_bytes: int = 32 * _MIB
    binary_bytes: int = 128 * _MIB
    binary_chunks: int = 16_384
    binaries: int = 64
    binary_lifetime_s: float = 600.0
    upload_disk_bytes: int = 256 * _MIB
    result_memory_bytes: int = 64 * _MIB
    result_disk_bytes: int = 1024 * _MIB
    keepalive_s: float = 30.0
    keepalive_timeout_s: float = 10.0

    @property
    def concurrency_limits(self) -> dict[str, int]:
        """The kinds of calls, and how many of each are served at a time."""
        return {
            "streams": self.streams,
            "calls": self.calls,
            "reads": self.reads,
            "interrupts": self.interrupts,
            "stops": self.stops,
            "transfers": self.transfers,
        }

    @property
    def workers(self) -> int:
        """Threads that serve calls: one for each place, and some to refuse what is beyond."""
        return sum(self.concurrency_limits.values()) + 16
