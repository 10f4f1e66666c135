"""Whatever hangs on its way to the robot: stop, pause, cancel and reads go on at once."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

import sila_ot2.robot
from sila_ot2.cli.named import features_of, properties_of
from sila_ot2.client import errors
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import Laboratory, finish, laboratory
from tests.end_to_end.requests_that_change import (
    ACTIONS,
    ALLOWED,
    KINDS,
    LONG,
    OF_NEWER_RELEASES,
    UNUSED,
    RequestKind,
    RequestLaboratory,
)
from tests.processes import SimulatorProcess
from tests.proxy import Proxy, ProxyFault, proxy_to

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.simulator_only("lets requests hang on their way")

NOT_STARTED = (errors.RunNotFound, errors.RunActionNotAllowed)
NOT_PAUSED = {"create a run": NOT_STARTED, "release a run": NOT_STARTED}
"""How a pause is refused that may find a run of ours that was never started; elsewhere there is none."""


@pytest.fixture(scope="module")
def served(
    simulator_process: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RequestLaboratory, Proxy]]:
    simulator_process.reset()
    with (
        proxy_to(simulator_process.url) as proxy,
        laboratory(proxy.url, tmp_path_factory.mktemp("state"), maintenance=ALLOWED) as lab,
    ):
        yield RequestLaboratory(lab, AtomicClient(lab, simulator_process)), proxy


@pytest.fixture
def site(served: tuple[RequestLaboratory, Proxy]) -> Iterator[RequestLaboratory]:
    site, proxy = served
    site.atomic.robot.control("speed", speed=60)
    yield site
    proxy.clear()
    site.lab.clear()
    proxy.clear()


@pytest.fixture
def proxy(served: tuple[RequestLaboratory, Proxy]) -> Proxy:
    return served[1]


def begin(command: Callable[[], Any]) -> Future[Any]:
    """Give a command on a thread of its own: it hangs."""
    future: Future[Any] = Future()

    def give() -> None:
        try:
            future.set_result(command())
        except Exception as error:  # noqa: BLE001 -- it is the future's
            future.set_exception(error)

    threading.Thread(target=give, daemon=True).start()
    return future


def read_all(lab: Laboratory) -> None:
    """Read every property of every feature of ours."""
    features = features_of(lab.client)
    for definition in (ROOT / "features").glob("*.sila.xml"):
        for prop in properties_of(features[definition.name.partition("-")[0]]).values():
            prop.get()


def refusal(command: Callable[[], Any]) -> str:
    """Give a command that is refused; return why."""
    with pytest.raises(errors.SilaError) as refused:
        command()
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_interrupts_and_reads_go_on_while_a_request_hangs(
    site: RequestLaboratory, proxy: Proxy, kind: RequestKind
) -> None:
    site.subject = kind.prepare(site)
    if kind.beside:
        site.start_long()
    executed = kind.name not in ("stop a run", "restart the robot")
    proxy.plan(ProxyFault("hang", kind.method, kind.path, kind.body, executed=executed))
    hanging = begin(lambda: kind.command(site))
    proxy.wait_until(lambda proxy: proxy.hanging or hanging.done())
    assert proxy.hanging, hanging.result()

    read_all(site.lab)
    if kind.beside or kind.name in ("start a run", "pause a run", "resume a run", "stop a run"):
        if kind.name == "start a run":
            site.lab.until_status("Running")
        if site.lab.status() == "Running":
            site.lab.pause(site.run_id)
        if kind.name != "resume a run":
            site.lab.resume(site.run_id)
        assert site.lab.stop().final_status == "Stopped"
        site.lab.until_status("Stopped")
    else:
        with pytest.raises(NOT_PAUSED.get(kind.name, errors.RunNotFound)):
            site.lab.pause()
        assert site.lab.status()
    site.lab.client.cancel_controller.cancel_all()
    read_all(site.lab)

    assert proxy.hanging, "all this has not waited for the request that hangs"
    proxy.clear()
    hanging.exception(60)


def test_every_request_that_changes_the_robot_has_its_row() -> None:
    """What the client of the robot can send is in `KINDS`, or nothing sends it.

    Release 4 speaks of sessions where later ones speak of runs, in answer to the same methods.
    """
    folder = Path(sila_ot2.robot.__file__).parent
    modules = [file.read_text() for file in folder.glob("*.py") if file.name != "legacy.py"]
    changing = {name: requests for module in modules for name, requests in _changing(module)}
    driver = "".join(file.read_text() for file in folder.parent.glob("driver/**/*.py"))
    unused = {name for name in changing if f".{name}(" not in driver}
    assert unused == UNUSED
    for name in changing.keys() - unused - OF_NEWER_RELEASES:
        for method, path in changing[name]:
            assert any(kind.method == method and re.fullmatch(kind.path, path) for kind in KINDS), (name, method, path)


def _changing(module: str) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Yield the functions that make a request other than GET, with its method and an example of its path."""
    for function in ast.walk(ast.parse(module)):
        if isinstance(function, ast.FunctionDef) and function.name != "_command_request":
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            found = {
                (ast.literal_eval(call.args[0]), _example(call.args[1]))
                for call in calls
                if ast.unparse(call.func) == "Request"
                and ast.unparse(call.args[0]) != "'GET'"
                and not any(keyword.arg == "harmless" for keyword in call.keywords)
            }
            found |= {("POST", _example(c.args[0])) for c in calls if ast.unparse(c.func) == "self._command_request"}
            if found:
                yield function.name, found


def _example(path: ast.expr) -> str:
    if isinstance(path, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in path.values)
    return str(ast.literal_eval(path))


def test_run_whose_start_hangs_is_stopped_by_a_cancel(site: RequestLaboratory, proxy: Proxy) -> None:
    run_id = site.lab.create(site.lab.upload(LONG))
    start = proxy.plan(ProxyFault("hang", "POST", ACTIONS, '"play"', executed=True))
    running = site.lab.start(run_id)
    proxy.wait_until(lambda proxy: proxy.hanging)
    site.lab.client.cancel_controller.cancel_command(command_execution_uuid=running.uuid)
    assert "was cancelled and has stopped" in refusal(lambda: finish(running))
    assert proxy.hanging
    proxy.let_go(start)


def test_many_hung_stops_and_pauses_block_no_further_one(site: RequestLaboratory, proxy: Proxy) -> None:
    site.start_long()
    proxy.plan(ProxyFault("hang", "POST", ACTIONS, '"(stop|pause)"', count=40))
    stops = [site.lab.runs.stop_run() for _ in range(20)]
    pauses = [begin(lambda: site.lab.pause(site.run_id)) for _ in range(20)]
    proxy.wait_until(lambda proxy: len(proxy.hanging) == 40)
    assert site.lab.stop().final_status == "Stopped"
    assert len(proxy.hanging) == 40
    assert proxy.count("POST", ACTIONS, '"stop"') == 1
    proxy.clear()
    assert {finish(stop).final_status for stop in stops} == {"Stopped"}
    for pause in pauses:
        pause.exception(60)
    assert proxy.count("POST", ACTIONS, '"stop"') == 20, "each stop is sent once"
