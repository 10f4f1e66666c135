"""The public interoperability suite of SiLA 2 (sila2-interop-communication-tester) against a server built on `sila`.

It speaks raw gRPC and shares no code with the package. Its test features are implemented in `interop_features`; every
case must pass, also over a connection that the server has opened. The part `sila_service` needs no test features and
runs against the product's own server as well.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE
from typing import Any

import grpc
import pytest

from sila_ot2.sila import load_identity
from sila_ot2.sila.controllers.sila_service import DEFINITION
from tests.bridge import bridge
from tests.endpoint import Listener
from tests.processes import ServerProcess

tester = pytest.importorskip("sila2_interop_communication_tester", reason="it is in the server environment only")

ROOT = Path(__file__).parents[2]
SUITE = Path(tester.__file__).parent / "test_client"
TESTED = [
    file.read_text(encoding="utf-8")
    for file in [DEFINITION, *(Path(tester.__file__).parent / "resources" / "fdl").glob("*.sila.xml")]
]
"""The definitions of the suite's features."""
CASES = 349
LISTED: dict[str, str] = {}
"""Cases that do not pass, with the reason that stands up to the standard. There are none."""


def start_suite(port: int, report: Path, *parts: str, ca: Path | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sila2_interop_communication_tester.test_client"]
    command += ["--server-address", f"127.0.0.1:{port}", "--report-file", str(report), "--timeout", "60"]
    if ca is not None:
        command += ["--roots-cert-file", str(ca)]
    # The suite is pytest too; settings of ours must not reach it.
    return subprocess.Popen([*command, *parts], cwd=report.parent, stdout=PIPE, stderr=subprocess.STDOUT, text=True)


def outcome(suite: subprocess.Popen[str], report: Path) -> tuple[int, dict[str, str]]:
    """How many cases ran, and those that did not pass (by the identifiers of pytest) with their messages."""
    output, _ = suite.communicate(timeout=240)
    if not report.exists():
        pytest.fail(output)
    cases = ElementTree.parse(report).getroot().findall(".//testcase")
    failed = {
        f"{str(case.get('classname')).replace('.', '/')}.py::{case.get('name')}": str(problem.get("message"))
        for case in cases
        for problem in [*case.findall("failure"), *case.findall("error"), *case.findall("skipped")]
    }
    return len(cases), failed


@pytest.fixture(params=["direct", "server-initiated"])
def interop_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Start a server of the suite's test features; gives the port at which the suite reaches it."""
    servers: list[subprocess.Popen[str]] = []
    with ExitStack() as bridges:

        def start(*arguments: str) -> int:
            command = [sys.executable, "-m", "tests.conformance.interop_server", *arguments]
            servers.append(subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True))
            assert servers[-1].stdout is not None
            return int(servers[-1].stdout.readline())

        def start_with_connection() -> int:
            folder = tmp_path / f"server{len(servers)}"
            own = load_identity(folder / "endpoint", name="Endpoint", hosts=["127.0.0.1"])
            (folder / "endpoint.pem").write_bytes(own.ca)
            pair = (own.private_key, own.certificate_chain)
            endpoint = Listener(grpc.ssl_server_credentials([pair]))
            bridges.callback(endpoint.stop)
            start(str(folder), str(endpoint.port), str(folder / "endpoint.pem"))
            return bridges.enter_context(bridge(endpoint.session(), TESTED))

        yield start if request.param == "direct" else start_with_connection
    for server in servers:
        server.communicate(input="", timeout=60)
        assert server.returncode == 0


def test_every_case_passes_but_for_the_listed_ones(interop_server: Any, tmp_path: Path) -> None:
    """Most of its time the suite waits for slow commands, so its parts run beside each other, each with a server.

    Many of its cases measure seconds; what failed is run once more, alone, before it counts.
    """
    every = {folder.name for folder in SUITE.iterdir() if folder.is_dir()} - {"helpers", "__pycache__"}
    slow = ["observables", "multi_client_scenarios"]
    suites = []
    for names in [*([name] for name in slow), sorted(every.difference(slow))]:
        report = tmp_path / f"{names[0]}.xml"
        suites.append((start_suite(interop_server(), report, *names), report))
    count = 0
    failed: dict[str, Any] = {}
    for suite, report in suites:
        cases, problems = outcome(suite, report)
        count += cases
        failed |= problems
    assert count == CASES
    unexpected = [case for case in failed if case not in LISTED]
    if unexpected:
        report = tmp_path / "again.xml"
        _, failed = outcome(start_suite(interop_server(), report, *unexpected), report)
        assert failed == {}


def test_sila_service_part_passes_on_the_product(server_process: Callable[..., ServerProcess], tmp_path: Path) -> None:
    server = server_process("--port", "0", "--no-discovery")
    report = tmp_path / "sila_service.xml"
    count, failed = outcome(start_suite(server.port, report, "sila_service", ca=server.ca_file), report)
    assert failed == {}
    assert count == 25
