"""The yardstick: a server with nothing but gRPC that passes two commands of the contract on to the robot.

    python scripts/bench/bare_server.py ROBOT_URL RUN PIPETTE [READ_BEFORE ...]

Before each movement it reads the given paths of the robot, all at the same time. It knows no sessions, turns, journal,
properties or errors: what a call costs here is gRPC and HTTP in Python. Prints its port and ends with its standard
input.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import grpc
from single_commands import ByHttp, stubs


def main(url: str, run_path: str, pipette: str, *read_before: str) -> None:
    """Serve until the standard input ends."""
    sila, messages, services, light_messages, light_services = stubs()
    robot = ByHttp(url)
    robot.run_path = run_path
    commands, readers = ThreadPoolExecutor(4), ThreadPoolExecutor(4)
    running: dict[str, Future[Any]] = {}

    def move(labware: str, well: str) -> None:
        for answer in readers.map(robot.client.get, read_before):
            answer.json()
        robot.do("moveToWell", pipetteId=pipette, labwareId=labware, wellName=well)

    class Hand(services.AtomicLiquidHandlingServicer):  # type: ignore[misc, name-defined]
        def MoveToWell(self, request: Any, _context: Any) -> Any:  # noqa: N802 -- the contract's names
            """Begin to move."""
            key = str(uuid.uuid4())
            running[key] = commands.submit(move, request.LabwareIdentifier.value, request.Well.value)
            return sila.CommandConfirmation(commandExecutionUUID=sila.CommandExecutionUUID(value=key))

        def MoveToWell_Info(self, request: Any, _context: Any) -> Iterator[Any]:  # noqa: N802
            """Tell that it runs, and its end."""
            yield sila.ExecutionInfo(commandStatus=sila.ExecutionInfo.running)
            running[request.value].result()
            yield sila.ExecutionInfo(commandStatus=sila.ExecutionInfo.finishedSuccessfully)

        def MoveToWell_Result(self, request: Any, _context: Any) -> Any:  # noqa: N802
            """Give the result."""
            running.pop(request.value).result()
            return messages.MoveToWell_Responses()

    class Lights(light_services.DeviceLightingServicer):  # type: ignore[misc, name-defined]
        def SetRailLights(self, request: Any, _context: Any) -> Any:  # noqa: N802
            """Switch the lights."""
            robot.client.post("/robot/lights", json={"on": request.On.value})
            return light_messages.SetRailLights_Responses()

    server = grpc.server(ThreadPoolExecutor(10))
    services.add_AtomicLiquidHandlingServicer_to_server(Hand(), server)
    light_services.add_DeviceLightingServicer_to_server(Lights(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0).wait(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
