"""The log of a server says what happens at its robot, in one line for each event."""

from __future__ import annotations

import pytest

from tests.end_to_end.laboratory import PROMPT, Laboratory, finish
from tests.processes import SimulatorProcess
from tests.waiting import wait_for


@pytest.mark.simulator_only("opens the door")
def test_each_event_is_one_line_of_the_log(
    lab: Laboratory, robot: SimulatorProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "sila_ot2")
    caplog.clear()
    secret = "a patient's name"
    client = lab.client

    def beginning(text: str) -> list[str]:
        return [line for line in caplog.messages if line.startswith(text)]

    client.lock_controller.lock_server(lock_identifier="a secret", timeout=60)
    client.lock_controller.unlock_server("a secret")
    identifier = lab.upload(PROMPT + f"# {secret}\n")
    assert lab.analyze(identifier).result == "Ok"
    run_id = lab.create(identifier)
    running = lab.start(run_id)
    lab.until_status("Paused")
    lab.resume()
    finish(running)
    lab.release()
    finish(client.atomic_liquid_handling.open_session())
    finish(client.atomic_liquid_handling.close_session())
    finish(client.atomic_liquid_handling.open_session())
    lost = client.atomic_liquid_handling.session.get()[0].run_identifier
    theirs = robot.control("foreign", action="create")["data"]["id"]
    lab.until_status("Idle")
    wait_for(lambda: beginning("Session lost"), lambda: str(caplog.messages))
    robot.control("door", open=True)
    wait_for(lambda: "Door open" in caplog.messages)
    robot.control("door", open=False)
    wait_for(lambda: "Door closed" in caplog.messages)
    maintenance = robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"]
    app = f"Somebody works at the robot with the Opentrons App (maintenance run {maintenance})"
    wait_for(lambda: app in caplog.messages)

    assert (len(beginning("Session opened")), len(beginning("Session closed"))) == (2, 1)
    (line,) = beginning("Session lost")  # by whom can be known a moment later
    assert line.endswith(f"(run {lost})")
    peers = [line.partition(" ")[2] for line in caplog.messages if "locks the server" in line]
    assert peers == ["locks the server for 60 s", "unlocks the server"]
    for line in (
        f"Protocol {identifier} uploaded: 1 files",
        f"Protocol {identifier} analyzed: ok",
        f"Run {run_id} of a test created",
        f"Run {run_id} started",
        f"Run {run_id} paused by the protocol",
        f"Run {run_id} resumed",
        f"Run {run_id} ended: Succeeded",
        f"Run {theirs} created by another client",
        "Door open",
        "Door closed",
        app,
    ):
        assert caplog.messages.count(line) == 1, f"{line!r} in {caplog.messages}"
    assert {record.levelname for record in caplog.records if record.getMessage() in (app, "Door open")} == {"INFO"}
    text = "\n".join(caplog.messages)
    assert secret not in text
    assert "a secret" not in text
    assert all(line.isprintable() for line in caplog.messages)
    lab.release(force=True)
