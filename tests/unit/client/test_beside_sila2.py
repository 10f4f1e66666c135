"""The client lives beside sila2 and protobuf in one process, whichever is imported first, and needs neither."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # each test starts a Python
CLIENT = "import sila_ot2.client, sila_ot2.client.generated.features"
SILA2 = "import sila2.client, sila2.framework.feature"
WORKS = """
from sila_ot2.client import wire
from sila_ot2.client.generated.run_controller import PAUSE_RUN
from sila2.framework.pb2 import SiLAFramework_pb2 as pb2
assert PAUSE_RUN.request(("abc",)).message == b"\\n\\x05" + pb2.String(value="abc").SerializeToString()
from google.protobuf.internal import api_implementation
print(api_implementation.Type())
"""
ONLY = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        allowed = sys.stdlib_module_names | {"grpc", "typing_extensions", "sila_ot2", "sitecustomize"}
        if name.split(".")[0] not in allowed:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
"""


def python(code: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROTOCOL_BUFFERS")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("order", [(CLIENT, SILA2), (SILA2, CLIENT)], ids=["client first", "sila2 first"])
def test_either_may_be_imported_first(order: tuple[str, str]) -> None:
    assert python("\n".join([*order, WORKS])) == "python"


@pytest.mark.parametrize("first", [True, False])
def test_the_fast_implementation_of_protobuf_may_be_there(first: bool) -> None:
    fast = "from google.protobuf import struct_pb2\nfrom google.protobuf.internal import api_implementation as a"
    lines = [fast, CLIENT] if first else [CLIENT, fast]
    assert python("\n".join([*lines, "print(a.Type())"])) == "upb"


def test_the_client_imports_neither_protobuf_nor_sila2() -> None:
    loaded = python(f"{CLIENT}\nimport sys; print([m for m in sys.modules if m.startswith(('google', 'sila2'))])")
    assert loaded == "[]"


def test_the_client_needs_grpcio_alone() -> None:
    assert python(f"{ONLY}\n{CLIENT}\nprint('imported')") == "imported"


def test_discovery_says_which_package_it_needs() -> None:
    code = (
        f"{ONLY}\nfrom sila_ot2.client import connect\ntry:\n    connect(name='x')\nexcept ImportError as e: print(e)"
    )
    assert "pip install zeroconf" in python(code)
