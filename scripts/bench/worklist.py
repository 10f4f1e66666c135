"""A worklist of 384 steps as a run of the robot, against the same commands queued by plain HTTP, in turn.

`python scripts/bench/worklist.py [ROUNDS]`
"""

from __future__ import annotations

import statistics
import sys

from single_commands import LOW, PLATE, TIPS, ByGrpc, ByHttp, in_turn
from surroundings import Table, mqtt_port, publish, served, simulated_robot

WELLS = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]


def main(rounds: int) -> None:
    """Measure and publish."""
    # As on a robot: it announces over MQTT that a run has ended.
    with simulated_robot("--mqtt-port", "0") as robot, served(robot, notifications={"port": mqtt_port(robot)}) as live:
        sila, http = ByGrpc(live.process.port), ByHttp(robot.url)

        def session() -> None:
            for name, slot in ((TIPS, "1"), (PLATE, "2"), (PLATE, "3")):
                sila.load(name, slot)

        steps = ["Command,Mount,LabwareIdentifier,Well,Volume,TipRackIdentifier"]
        for well in WELLS:
            steps += [f"PickUpTip,right,,{well},,1", f"Aspirate,right,2,{well},30,", f"Dispense,right,3,{well},30,",
                      "DropTip,right,,,,"]  # fmt: skip
        worklist = sila.sila.Binary(value="\n".join(steps).encode())

        def by_sila() -> None:
            given = {"Format": sila.text("Csv"), "Mode": sila.text("QueuedRun"), "RequestKey": sila.text("")}
            sila.run("ExecuteWorklist", Worklist=worklist, **given)

        session()
        taken: dict[str, list[float]] = {"HTTP": [], "SiLA": []}
        for number in range(rounds + 1):  # the first one warms up
            for name, times in in_turn({"SiLA": by_sila}, 1, warm_up=0).items():
                taken[name] += times if number else []
            sila.run("CloseSession")
            for name, times in in_turn({"HTTP": lambda: _by_http(http)}, 1, warm_up=0).items():
                taken[name] += times if number else []
            session()
    table = Table("384 steps (480 commands of the robot)", ("way", "s", "ratio"))
    base = statistics.median(taken["HTTP"])
    for name, times in taken.items():
        table.add(name, statistics.median(times), statistics.median(times) / base)
    publish("worklist", [table], taken)


def _by_http(http: ByHttp) -> None:
    http.create_run()
    pipette = http.do("loadPipette", pipetteName="p300_single_gen2", mount="right")["result"]["pipetteId"]
    tips, source, target = (
        http.do("loadLabware", location={"slotName": slot}, loadName=name, namespace="opentrons", version=1)["result"][
            "labwareId"
        ]
        for slot, name in (("1", TIPS), ("2", PLATE), ("3", PLATE))
    )
    low = {"wellLocation": LOW, "flowRate": 92.86, "volume": 30}
    for well in WELLS:
        at = {"pipetteId": pipette, "wellName": well}
        http.queue("pickUpTip", **at, labwareId=tips)
        http.queue("aspirate", **at, **low, labwareId=source)
        http.queue("dispense", **at, **low, labwareId=target)
        http.queue("moveToAddressableAreaForDropTip", pipetteId=pipette, addressableAreaName="fixedTrash")
        http.queue("dropTipInPlace", pipetteId=pipette)
    http.play()
    http.client.patch(http.run_path, json={"data": {"current": False}})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
