"""What the sila2 package does by itself: each fault that `sila_ot2.sila` puts right, as far as it shows in moments.

Run as a process (nothing of `sila_ot2.sila` may be imported beside it); prints a JSON object that says for each fault
whether it is there. The server is the package's own, its sockets are on 127.0.0.1, and its multicast is replaced.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import grpc
from cryptography import x509
from sila2.client import SilaClient
from sila2.features.lockcontroller import LockControllerFeature
from sila2.framework import (
    CommandExecutionNotAccepted,
    CommandExecutionNotFinished,
    CommandExecutionStatus,
    Feature,
    InvalidCommandExecutionUUID,
)
from sila2.framework.abc.binary_transfer_handler import grpc_module, pb2_module
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.errors.sila_connection_error import SilaConnectionError
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError
from sila2.server import FeatureImplementationBase, SilaServer
from sila2.server.default_feature_implementations.lockcontroller_impl import LockControllerImpl
from sila2.server.encryption import generate_self_signed_certificate

from tests.conformance.bare_device import MIB, SECRET, _fails, connected, served
from tests.fakes.definitions import SMALL_DEVICE_FEATURE, basic, command, feature, names
from tests.ports import free_port
from tests.waiting import TIMEOUT_S, wait_for

zeroconf_made: list[object] = []


def second_server_shares_the_port() -> bool:
    port = free_port()
    with served(port=port), served(port=port):
        return True


def all_calls_die_when_subscriptions_take_the_workers() -> bool:
    with connected(max_grpc_workers=4) as (_, _, client):
        subscriptions = [client.SmallDevice.Level.subscribe() for _ in range(4)]
        for subscription in subscriptions:
            next(subscription)
        get = client.SmallDevice._grpc_stub.Get_Serial
        try:
            get(client.SmallDevice._unobservable_properties["Serial"].get_parameters_message(), timeout=1)
        except grpc.RpcError as error:
            return error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        finally:
            for subscription in subscriptions:
                subscription.cancel()
    return False


def invalid_value_freezes_a_property() -> bool:
    with connected() as (_, device, client):
        subscription = client.SmallDevice.Level.subscribe()
        next(subscription)
        died = threading.Event()
        quiet, threading.excepthook = threading.excepthook, lambda arguments: died.set()
        device._Level_producer_queue.put(11)
        device._Level_producer_queue.put(2)
        died.wait(TIMEOUT_S)
        threading.excepthook = quiet
        with suppress(StopIteration):
            late = client.SmallDevice.Level.subscribe()
            return bool(next(late) != 2)
    return False


def equal_values_are_sent_again() -> bool:
    with connected() as (_, device, client):
        subscription = client.SmallDevice.Level.subscribe()
        next(subscription)
        device._Level_producer_queue.put(1)
        device._Level_producer_queue.put(2)
        repeated: bool = next(subscription) == 1
        subscription.cancel()
        return repeated


def busy_is_confirmed_and_refused_in_the_result() -> bool:
    with connected() as (_, _, client):
        instance = client.SmallDevice.Run(0.0, "busy")  # confirmed
        wait_for(lambda: instance.done)
        try:
            instance.get_responses()
        except CommandExecutionNotAccepted:
            return True
    return False


def result_is_gone_when_the_command_outlives_its_lifetime() -> bool:
    with connected() as (_, _, client):
        instance = client.SmallDevice.Run(1.5, "x")

        def is_gone() -> bool:
            try:
                instance.get_responses()
            except InvalidCommandExecutionUUID:
                return True
            except CommandExecutionNotFinished:
                return False
            return False

        return wait_for(is_gone)


def finished_command_keeps_a_thread() -> bool:
    with connected() as (_, _, client):
        before = set(threading.enumerate())
        instances = [client.SmallDevice.Produce(1) for _ in range(20)]
        wait_for(lambda: all(instance.done for instance in instances))
        added = set(threading.enumerate()) - before
        for thread in added:
            thread.join(0.05)
        return sum(thread.is_alive() for thread in added) >= 20


def stop_waits_for_running_commands() -> bool:
    with connected() as (server, device, client):
        instance = client.SmallDevice.Run(2.0, "x")
        wait_for(lambda: instance.status is CommandExecutionStatus.running)
        with suppress(RuntimeError):
            server.stop(0)
        waited = device.ended == ["x"]
        server.stop = lambda grace=None: None
        return waited


def _create(client: SilaClient, size: int, chunks: int, parameter: str) -> str:
    stub = grpc_module.BinaryUploadStub(client._channel)
    request = pb2_module.CreateBinaryRequest(binarySize=size, chunkCount=chunks, parameterIdentifier=parameter)
    return str(stub.CreateBinary(request, timeout=30).binaryTransferUUID)


def upload_for_an_unknown_parameter_is_taken() -> bool:
    with connected() as (_, _, client):
        return bool(_create(client, 10, 1, f"{SMALL_DEVICE_FEATURE}/Command/Store/Parameter/Unknown"))


def upload_of_a_million_chunks_is_taken() -> bool:
    with connected() as (_, _, client):
        return bool(_create(client, 10, 1_000_000, f"{SMALL_DEVICE_FEATURE}/Command/Store/Parameter/Content"))


def more_bytes_than_announced_are_taken() -> bool:
    with connected() as (_, _, client):
        key = _create(client, 10, 1, f"{SMALL_DEVICE_FEATURE}/Command/Store/Parameter/Content")
        chunk = pb2_module.UploadChunkRequest(binaryTransferUUID=key, chunkIndex=0, payload=bytes(MIB))
        stub = grpc_module.BinaryUploadStub(client._channel)
        return len(list(stub.UploadChunk(iter([chunk])))) == 1


def used_upload_is_never_freed() -> bool:
    with connected() as (server, _, client):
        client.SmallDevice.Store(bytes(3 * MIB))
        return len(server.binary_transfer_handler.known_binaries) == 1


def second_server_takes_the_binaries_of_the_first() -> bool:
    with connected() as (_, _, first), served():
        return _fails(lambda: first.SmallDevice.Store(bytes(3 * MIB)))


def _attack(target: Path) -> str:
    return f'*/ /* """ + str(open({str(target)!r}, "w").write("x")) + """ '


class BareTaker(FeatureImplementationBase):  # type: ignore[misc]
    def Take(self, Value: Any, *, metadata: Any) -> None:
        return None


def description_of_an_any_value_is_executed() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "executed")
        closing = "*/ } } /*" + _attack(target)[5:] + "*/ service Evil {} message Z { message Y { /* "
        elements = "".join(
            f"<Element>{names(name, text)}<DataType>{basic('String')}</DataType></Element>"
            for name, text in (("A", "-"), ("B", closing))
        )
        type_xml = f'<DataType xmlns="http://www.sila-standard.org"><Structure>{elements}</Structure></DataType>'
        taker = Feature(feature("AnyTaker", command("Take", parameters={"Value": basic("Any")})))
        with suppress(Exception):
            taker["Take"].parameters.fields[0].data_type.to_message(SilaAnyType(type_xml, ("a", "b")))
        return target.exists()


def description_of_a_feature_is_executed() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "executed")
        definition = feature("EvilTaker", command("Take"), description=_attack(target))
        with suppress(Exception):
            Feature(definition)
        return target.exists()


def two_features_of_one_name_collide() -> bool:
    Feature(feature("Twin", command("A")))
    return _fails(lambda: Feature(feature("Twin", command("B"), version="2.0"))["B"].parameters.to_message())


def constrained_list_refuses_every_call() -> bool:
    with connected() as (_, _, client):
        return _fails(lambda: client.SmallDevice.Count([1]))


def infinity_is_accepted() -> bool:
    with connected() as (_, _, client):
        return bool(client.SmallDevice.Weigh(float("inf")).Mass == float("inf"))


def text_of_bugs_reaches_the_client() -> bool:
    with connected() as (_, _, client):
        try:
            client.SmallDevice.Fail(SECRET)
        except UndefinedExecutionError as error:
            return SECRET in str(error)
    return False


def long_error_text_is_lost() -> bool:
    with connected() as (_, _, client):
        try:
            client.SmallDevice.Fail("x" * 50_000)
        except SilaConnectionError:
            return True
        except UndefinedExecutionError:
            return False
    return False


def exit_in_an_implementation_hangs_the_call() -> bool:
    with connected() as (_, _, client):
        node = client.SmallDevice._unobservable_commands["Fail"]
        try:
            client.SmallDevice._grpc_stub.Fail(node.parameters.to_message("exit"), timeout=1)
        except grpc.RpcError as error:
            return error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    return False


def parameters_are_logged() -> bool:
    records: list[str] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with connected() as (_, _, client):
            client.SmallDevice.Echo(SECRET)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return any(SECRET in record for record in records)


def _lock(server: SilaServer) -> tuple[Feature, FeatureImplementationBase]:
    return LockControllerFeature, LockControllerImpl(server)


def unlocked_server_refuses_calls_without_an_identifier() -> bool:
    with connected(_lock) as (_, _, client):
        return _fails(lambda: client.SmallDevice.Echo("x"))


def lock_without_a_timeout_never_locks() -> bool:
    with connected(_lock) as (_, _, client):
        client.LockController.LockServer("mine", 0)
        return not client.LockController.IsLocked.get()


def certificate_is_another_at_every_start() -> bool:
    server_uuid = uuid4()
    return len({generate_self_signed_certificate(server_uuid, "127.0.0.1")[1] for _ in range(2)}) == 2


def certificate_has_no_names() -> bool:
    _, chain = generate_self_signed_certificate(uuid4(), "localhost")
    extensions = x509.load_pem_x509_certificate(chain).extensions
    names_of = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names_of.get_values_for_type(x509.DNSName) == []


def ipv6_gets_no_certificate() -> bool:
    try:
        generate_self_signed_certificate(uuid4(), "::1")
    except ValueError:
        return True
    return False


def multicast_is_opened_without_discovery() -> bool:
    zeroconf_made.clear()
    with served():
        return len(zeroconf_made) == 1


def failure_after_the_start_never_ends_the_process() -> bool:
    program = (
        "from tests.conformance import bare_device\n"
        "from unittest.mock import patch\n"
        "with patch('sila2.discovery.broadcaster.Zeroconf'):\n"
        "    server = bare_device.SilaServer('Bare', 'TestServer', '', '1.0', 'https://example.org')\n"
        "server.set_feature_implementation(bare_device.DeviceFeature, bare_device.BareDevice(server))\n"
        "server.start_insecure('127.0.0.1', bare_device.free_port(), enable_discovery=False)\n"
        "print('started', flush=True)\n"
        "raise RuntimeError\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            return True
        finally:
            process.kill()
    return False


PROBES = [
    function
    for name, function in list(globals().items())
    if callable(function)
    and getattr(function, "__module__", "") == __name__
    and getattr(function, "__annotations__", {}).get("return") == "bool"
    and not name.startswith("_")
]


def main() -> None:
    logging.disable(logging.NOTSET)
    logging.getLogger().addHandler(logging.NullHandler())
    assert "sila_ot2.sila" not in sys.modules
    with patch("sila2.discovery.broadcaster.Zeroconf", lambda *a, **k: zeroconf_made.append(1)):
        found = {probe.__name__: probe() for probe in PROBES}
    print(json.dumps(found), flush=True)
    sys.stdout.flush()
    import os

    os._exit(0)  # threads of the package's servers would keep the process for ever


if __name__ == "__main__":
    main()
