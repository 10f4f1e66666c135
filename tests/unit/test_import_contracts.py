"""The import contracts bite: each of them refuses what it forbids, in a package of the same shape."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sila_ot2"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
WITH_AN_ORDER = {container for contract in CONTRACTS for container in contract.get("containers", ())}
"""Packages whose own packages have an order."""


def _laid_out(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "/".join(parts[: 3 if ".".join(("sila_ot2", *parts[:2])) in WITH_AN_ORDER else 2])


MODULES = sorted({_laid_out(path) for path in PACKAGE.rglob("*.py")} - {"__init__"})
"""The modules and packages of the top level and the level below it, as paths; one level more where it has an order."""
TOP_LEVEL = frozenset({module.split("/")[0] for module in MODULES} - {"__main__"})
CLIENTS = frozenset({"client", "pylabrobot", "web", "simulator"})
"""Not part of the server."""
LAYERS = "Layers: requests go down, values come up"
DRIVER = "Packages of the driver: what decides imports what is decided on"
DECK = "Packages of the deck: what is planned is checked, and both rest on what stands there"
TRACKING = "Packages of tracking: what is kept of runs, what follows them, what their commands do"
RUNTIME = "Packages of the SiLA server runtime"
SIMULATOR = "Packages of the simulator"
HTTP = "Only robot/ and alerts/ know HTTP and MQTT clients"
OPENTRONS = "Only simulator/ knows opentrons"
CLIENT = "The client needs grpcio alone: it imports nothing of the server, and neither sila2 nor protobuf"
SILA = "SiLA stays in the face: driver, store and robot know neither sila2 nor gRPC"


SIDES = ("source_modules", "forbidden_modules")
NEITHER_NAMED_NOR_MEANT = {
    HTTP: {"robot", "alerts", *CLIENTS},
    OPENTRONS: CLIENTS,
    CLIENT: {"files", "pylabrobot", "web"},
    "Generated code stands alone": TOP_LEVEL - {"generated", "errors", "config"},
    "The SiLA server runtime knows no feature of ours": TOP_LEVEL - {"sila", "generated"},
    "The backend for PyLabRobot is a client like any other": {"client", "files", "web"},
    "The operator's page is a client like any other": {"client", "files", "number_text"},
    "The server does not use its client": {"cli"},
    "The simulator imports nothing of the driver, and nothing imports it": {"client", "files", "pylabrobot", "web"},
    "Nothing imports the simulator": {"client", "pylabrobot", "web"},
    "Only sila/ imports protobuf, after sila2": {"sila", *CLIENTS},
    SILA: {"sila", "implementations", "generated", "cli", "telemetry", *CLIENTS},
}
"""Modules of the top level that a contract leaves out: its subject, those that may, and programs of their own."""


def contracts_broken(folder: Path, imports: dict[str, str]) -> list[str]:
    """Lay out an empty package with these imports and return the contracts it breaks."""
    package = folder / "sila_ot2"
    for module in [*MODULES, *imports]:
        (package / module.removesuffix("/__init__")).mkdir(parents=True, exist_ok=True)
    for path in [package, *package.rglob("*")]:
        (path / "__init__.py").touch()
    for module, line in imports.items():
        (package / module / "__init__.py").write_text(line)
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode == 0) == (not any(line.endswith(" BROKEN") for line in lines)), done.stdout + done.stderr
    assert any("kept" in line for line in lines), done.stdout + done.stderr
    return [line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")]


def test_every_module_is_named_by_each_contract_that_means_it() -> None:
    """A new package is forbidden what its siblings are, or is left out on purpose."""
    contracts = {one["name"]: one for one in CONTRACTS if one["type"] == "forbidden"}
    left_out = {
        name: TOP_LEVEL - {module.removeprefix("sila_ot2.") for key in SIDES for module in contract[key]}
        for name, contract in contracts.items()
    }
    assert left_out == NEITHER_NAMED_NOR_MEANT


@pytest.mark.slow
def test_a_package_without_imports_keeps_them_all(tmp_path: Path) -> None:
    assert contracts_broken(tmp_path, {}) == []


@pytest.mark.slow  # each starts a process
@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("driver", "import sila_ot2.implementations", LAYERS),
        ("driver", "import sila_ot2.sila", LAYERS),
        ("errors", "import sila_ot2.config", LAYERS),
        ("robot", "import sila_ot2.store", LAYERS),
        ("helpers", "", LAYERS),
        ("client", "import sila_ot2.errors", LAYERS),
        ("driver/deck", "import sila_ot2.driver.runs", DRIVER),
        ("driver/ownership", "import sila_ot2.driver.monitor", DRIVER),
        ("driver/session", "import sila_ot2.driver.runs", DRIVER),
        ("driver/helpers", "", DRIVER),
        ("driver/deck/plans", "import sila_ot2.driver.deck.checks", DECK),
        ("driver/deck/helpers", "", DECK),
        ("driver/tracking/steps", "import sila_ot2.driver.tracking.tracker", TRACKING),
        ("driver/tracking/helpers", "", TRACKING),
        ("sila/codec", "import sila_ot2.sila.rpc", RUNTIME),
        ("simulator/state", "import sila_ot2.simulator.http", SIMULATOR),
        ("generated", "import sila_ot2.errors", "Generated code stands alone"),
        ("driver", "import httpx", HTTP),
        ("cli", "import paho.mqtt.client", HTTP),
        ("robot", "import opentrons", OPENTRONS),
        ("cli", "from starlette import routing", OPENTRONS),
        ("simulator", "import sila_ot2.errors", "The simulator imports nothing of the driver, and nothing imports it"),
        ("simulator", "import sila_ot2.server", "Server and simulator are independent programs"),
        ("cli", "import sila_ot2.simulator", "Nothing imports the simulator"),
        ("driver", "def lazily():\n    import sila2", SILA),
        ("robot", "import grpc", SILA),
        ("client", "import sila_ot2.errors", CLIENT),
        ("client", "from google import protobuf", CLIENT),
        ("client", "import sila2.client", CLIENT),
        ("sila", "import sila_ot2.client", "The server does not use its client"),
        ("driver", "import sila_ot2.pylabrobot", "The server does not use its client"),
        ("pylabrobot", "import sila_ot2.errors", "The backend for PyLabRobot is a client like any other"),
        ("driver", "import sila_ot2.web", "The server does not use its client"),
        ("web", "import sila_ot2.driver", "The operator's page is a client like any other"),
        ("web", "import sila_ot2.cli.exits", "The operator's page is a client like any other"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    assert contract in contracts_broken(tmp_path, {module: line})
