"""Plays a robot arm: a SiLA server with one command, which moves nothing and says what an arm would do.

python arm.py 50065
"""

import sys
from pathlib import Path
from typing import Any

from sila2.framework import Feature
from sila2.server import FeatureImplementationBase, SilaServer

ARM_CONTROLLER = Feature((Path(__file__).parent / "ArmController-v1_0.sila.xml").read_text())


class Arm(FeatureImplementationBase):  # type: ignore[misc]
    """The command of the arm."""

    def MoveLabware(self, Source: str, Target: str, *, metadata: Any) -> None:  # noqa: N802, N803 (SiLA identifiers)
        """Say where the labware goes."""
        print(f"{Source} -> {Target}", flush=True)


server = SilaServer("Arm", "ExampleArm", "An arm that is played", "1.0", "https://example.org")
server.set_feature_implementation(ARM_CONTROLLER, Arm(server))
server.start_insecure("127.0.0.1", int(sys.argv[1]), enable_discovery=False)
print("ready", flush=True)
sys.stdin.read()  # until the program that started it ends
server.stop()
