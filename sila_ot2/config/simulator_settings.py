"""Settings of the simulated robot that stands in for the robot in simulation mode."""

from __future__ import annotations

from pydantic import Field, field_validator

from sila_ot2.config.group import Group


class SimulatorSettings(Group):
    """The simulated robot of the feature SimulationController."""

    python: str | None = Field(
        None,
        description="Python that the simulated robot runs in, with sila-ot2 and its extra `simulator` installed; "
        "unset: the Python that runs the server.",
    )
    speed: str = Field(
        "paced", description="How fast it moves: `fast` (as it can), `paced` (like a robot), or how many times as fast."
    )

    @field_validator("speed")
    @classmethod
    def _speed(cls, speed: str) -> str:
        """Refuse what the simulator would refuse."""
        try:
            fits = speed in ("fast", "paced") or 0 < float(speed) < float("inf")
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("is neither fast nor paced nor a positive number")
        return speed
