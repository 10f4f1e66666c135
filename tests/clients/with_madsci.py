"""A plate with MADSci's SilaNodeClient: `python with_madsci.py HOST PORT CA PROTOCOL`."""

import sys
import time
from pathlib import Path

from madsci.client.node.sila_node_client import SilaNodeClient
from madsci.common.types.action_types import ActionRequest
from madsci.common.types.client_types import SilaNodeClientConfig
from pydantic import AnyUrl

NO_PROPERTIES = {"children_by_fully_qualified_identifier", "defined_execution_errors", "metadata_definitions"}
"""What the client takes for properties of each feature, and reads as None."""


def main(host: str, port: str, ca: str, protocol: str) -> None:
    config = SilaNodeClientConfig(insecure=False, root_certs_path=ca)
    client = SilaNodeClient(AnyUrl(f"sila://{host}:{port}"), config)
    status = client.get_status()
    print("ready", status.ready and not status.disconnected and not status.errored)
    print("actions", "RunProtocolText" in " ".join(client.get_info().actions))
    started = time.perf_counter()
    state = {name: value for name, value in client.get_state().items() if name.rpartition(".")[2] not in NO_PROPERTIES}
    each_ms = (time.perf_counter() - started) * 1000 / len(state)
    print("missing", sorted(name for name, value in state.items() if value is None))
    arguments = {
        "FileName": "plate.py",
        "ProtocolText": Path(protocol).read_text(),
        "ParameterValuesText": "columns=2",
        "ParameterFilesText": "",
        "RunLabel": "plate 1",
        "RequestKey": "",
    }
    result = client.send_action(ActionRequest(action_name="RunProtocolText", args=arguments), await_result=True)
    print("run", result.status.value, result.json_result["Result"] if result.json_result else result.errors)
    arguments["ParameterValuesText"] = "columns=0"
    refused = client.send_action(ActionRequest(action_name="RunProtocolText", args=arguments), await_result=True)
    print("columns=0", refused.status.value, "columns" in str(refused.errors))
    client.close()
    print(f"get_state read {len(state)} properties, {each_ms:.1f} ms each", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
