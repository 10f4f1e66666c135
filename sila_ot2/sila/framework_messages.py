"""SiLA's own messages (``String``, ``SiLAError`` and so on), put where the sila2 package looks for them.

The package compiles two .proto files when it is imported, beside the modules it brings, into protobuf's one default
pool. Protobuf's fast implementation refuses that ("duplicate file name"), which is why the package switches the whole
process to the pure-Python one, a hundred times slower, and dies when protobuf was imported before it. Here the two
files are compiled once, into a pool of their own, and stand in for what the package would have made. So any
implementation serves, whatever was imported first, and stubs of the same files that somebody else has in this process
are not disturbed. Must be imported before anything of the package.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

_IMPLEMENTATION = "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"
_FRAMEWORK, _BINARY_TRANSFER = "SiLAFramework", "SiLABinaryTransfer"


def provide() -> None:
    """Import the package's framework with these messages in it, and leave the process as it was otherwise."""
    if "sila2.framework" in sys.modules:
        return  # somebody else has imported the package: it works as it does, with the slow implementation
    chosen = os.environ.get(_IMPLEMENTATION)
    modules = _compile()
    # The package imports what it has just compiled by its bare name, and takes it from there again.
    displaced = {name: sys.modules.get(name) for name in modules}
    try:
        sys.modules |= modules | {f"sila2.framework.pb2.{name}": module for name, module in modules.items()}
        import sila2.framework  # noqa: F401
        import sila2.framework.abc.binary_transfer_handler  # noqa: F401
    finally:
        _put_back(displaced)
        if chosen is None:
            os.environ.pop(_IMPLEMENTATION, None)
        else:
            os.environ[_IMPLEMENTATION] = chosen


def _compile() -> dict[str, ModuleType]:
    """Compile the two files; returns what protoc would have written as Python, by module name."""
    package = find_spec("sila2")
    if package is None or package.origin is None:
        raise ImportError("The package sila2 is not installed.")
    folder = Path(package.origin).parent / "resources" / "proto"
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch, "descriptors")
        files = [str(folder / f"{name}.proto") for name in (_FRAMEWORK, _BINARY_TRANSFER)]
        if protoc.main(["protoc", f"--proto_path={folder}", f"--descriptor_set_out={target}", *files]) != 0:
            raise ImportError("The messages of the package sila2 do not compile.")
        descriptors = descriptor_pb2.FileDescriptorSet.FromString(target.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    modules: dict[str, ModuleType] = {}
    for descriptor in descriptors.file:
        pool.Add(descriptor)
        made = pool.FindFileByName(descriptor.name)
        module = ModuleType(f"{Path(descriptor.name).stem}_pb2")
        module.__dict__.update(
            DESCRIPTOR=made,
            SiLAFramework__pb2=modules.get(f"{_FRAMEWORK}_pb2"),
            **{name: message_factory.GetMessageClass(message) for name, message in made.message_types_by_name.items()},
        )
        modules[module.__name__] = module
    return modules


def _put_back(displaced: dict[str, ModuleType | None]) -> None:
    for name, module in displaced.items():
        if module is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module


provide()
