"""Routes about protocols, their analyses and data files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pydantic
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sila_ot2.simulator.errors import JsonObject, invalid_request, refusal
from sila_ot2.simulator.http.requests import answer, page, read_data, read_form
from sila_ot2.simulator.http.routing import Endpoint
from sila_ot2.simulator.robot import Robot
from sila_ot2.simulator.state.analyses import SimulatedAnalysis, SimulatedParameters
from sila_ot2.simulator.state.protocols import SimulatedProtocol, buffer


async def post_protocol(robot: Robot, request: Request) -> Response:
    """Upload a protocol: one main file and its labware, all in the field ``files``."""
    form = await read_form(request)
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and _file_name(file)]
    if not files:
        raise invalid_request([{"loc": ("files",), "msg": "field required"}], legacy=False)
    # As on a robot, a value that is no JSON is nobody's fault but gets a 500.
    values = json.loads(_text(form.get("runTimeParameterValues")) or "{}")
    chosen = json.loads(_text(form.get("runTimeParameterFiles")) or "{}")
    kind = _text(form.get("protocolKind")) or "standard"
    if kind not in ("standard", "quick-transfer"):
        raise invalid_request(
            [
                {
                    "loc": ("protocolKind",),
                    "msg": "value is not a valid enumeration member; permitted: 'standard', 'quick-transfer'",
                }
            ],
            legacy=False,
        )
    protocol, is_new = await robot.protocols.upload(
        await buffer(files),
        kind=kind,
        key=_text(form.get("key")),
        parameters=SimulatedParameters(values, robot.data_files.paths(chosen)),
        used=robot.runs.used_protocols,
    )
    if is_new:
        robot.request_counts.count("POST /protocols", "upload")
    return answer({"data": protocol.body()}, 201 if is_new else 200)


def _file_name(file: UploadFile) -> str:
    """A file's bare name: no upload may leave the directory it is meant for."""
    file.filename = Path((file.filename or "").replace("\\", "/")).name
    return file.filename


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


async def get_protocols(robot: Robot, request: Request) -> Response:
    """Every protocol, oldest first."""
    kind = request.query_params.get("protocolKind")
    return page([one.body() for one in robot.protocols.all() if kind in (None, one.kind)])


async def get_protocol_ids(robot: Robot, request: Request) -> Response:
    """Every protocol's id."""
    return page([one.id for one in robot.protocols.all()])


async def get_protocol(robot: Robot, request: Request) -> Response:
    """One protocol, and the runs that refer to it."""
    protocol = _protocol(robot, request)
    runs = [run.id for run in robot.runs.all() if run.protocol_id == protocol.id]
    links = {"referencingRuns": [{"id": run_id, "href": f"/runs/{run_id}"} for run_id in runs]}
    return answer({"data": protocol.body(), "links": links})


async def delete_protocol(robot: Robot, request: Request) -> Response:
    """Delete a protocol no run refers to."""
    robot.protocols.delete(request.path_params["protocol_id"], used=robot.runs.used_protocols)
    robot.request_counts.count("DELETE /protocols/{protocol_id}", "delete")
    return answer({})


async def get_analyses(robot: Robot, request: Request) -> Response:
    """Every analysis of a protocol, oldest first."""
    protocol_id = request.path_params["protocol_id"]
    protocol = next((one for one in robot.protocols.all() if one.id == protocol_id), None)
    if protocol is None:
        raise refusal(404, "ProtocolNotFound", "Protocol Not Found", f"Protocol {protocol_id} not found")
    return page([analysis.body() for analysis in protocol.analyses])


class _AnalysisRequest(pydantic.BaseModel):
    runTimeParameterValues: dict[str, Any] = {}  # noqa: N815 - the robot's terms
    runTimeParameterFiles: dict[str, str] = {}  # noqa: N815
    forceReAnalyze: bool = False  # noqa: N815


async def post_analysis(robot: Robot, request: Request) -> Response:
    """Analyze again, if parameters differ or if it is forced."""
    protocol = _protocol(robot, request)
    wanted = await read_data(request, _AnalysisRequest, default=_AnalysisRequest())
    started = await robot.protocols.analyze(
        protocol,
        SimulatedParameters(wanted.runTimeParameterValues, robot.data_files.paths(wanted.runTimeParameterFiles)),
        force=wanted.forceReAnalyze,
    )
    if started:
        robot.request_counts.count("POST /protocols/{protocol_id}/analyses", "analyze")
    summaries = [analysis.summary() for analysis in protocol.analyses]
    body: JsonObject = {"data": summaries, "meta": {"cursor": 0, "totalLength": len(summaries)}}
    return answer(body, 201 if started else 200)


async def get_analysis(robot: Robot, request: Request) -> Response:
    """One analysis."""
    return answer({"data": _analysis(_protocol(robot, request), request).body()})


async def get_analysis_document(robot: Robot, request: Request) -> Response:
    """One completed analysis, bare."""
    analysis = _analysis(_protocol(robot, request), request)
    if analysis.is_pending:
        raise _no_analysis(analysis.id)
    return answer(analysis.body())


def _protocol(robot: Robot, request: Request) -> SimulatedProtocol:
    return robot.protocols.get(request.path_params["protocol_id"])


def _analysis(protocol: SimulatedProtocol, request: Request) -> SimulatedAnalysis:
    analysis_id = request.path_params["analysis_id"]
    found = next((one for one in protocol.analyses if one.id == analysis_id), None)
    if found is None:
        raise _no_analysis(analysis_id)
    return found


def _no_analysis(analysis_id: str) -> Exception:
    return refusal(404, "AnalysisNotFound", "Protocol Analysis Not Found", f'Analysis "{analysis_id}" not found.')


async def get_protocol_data_files(robot: Robot, request: Request) -> Response:
    """The data files a protocol's analyses and runs used."""
    protocol = _protocol(robot, request)
    used = {
        parameter["file"]["id"]
        for analysis in protocol.analyses
        for parameter in analysis.parameters
        if parameter.get("file")
    }
    return page([one.body(robot.release) for one in robot.data_files.all() if one.id in used])


async def post_data_file(robot: Robot, request: Request) -> Response:
    """Upload a data file, or take one over from the robot's own disk."""
    form = await read_form(request)
    file, path = form.get("file"), _text(form.get("filePath"))
    if isinstance(file, UploadFile):
        name, content = _file_name(file) or "data.csv", await file.read()
    elif path is not None:
        try:
            name, content = Path(path).name, robot.disk.read(Path(path))
        except OSError as error:
            raise refusal(404, "FileNotFound", "Specified file path not found on the robot", str(error)) from error
    else:
        raise refusal(
            422,
            "NoDataFileSourceProvided",
            "No data file source provided",
            "You must provide either a file or a file_path in the request.",
        )
    stored, is_new = robot.data_files.add(name, content)
    if is_new:
        robot.request_counts.count("POST /dataFiles", "upload")
    return answer({"data": stored.body(robot.release)}, 201 if is_new else 200)


async def get_data_files(robot: Robot, request: Request) -> Response:
    """Every data file."""
    return page([one.body(robot.release) for one in robot.data_files.all()])


async def get_data_file(robot: Robot, request: Request) -> Response:
    """One data file's particulars."""
    return answer({"data": robot.data_files.get(request.path_params["file_id"]).body(robot.release)})


async def download_data_file(robot: Robot, request: Request) -> Response:
    """A data file's content."""
    file = robot.data_files.get(request.path_params["file_id"])
    content = robot.data_files.path(file.id).read_bytes()
    return Response(content, media_type="image/jpeg") if file.is_picture else PlainTextResponse(content)


async def delete_data_file(robot: Robot, request: Request) -> Response:
    """Delete a data file that no protocol uses."""
    robot.data_files.delete(request.path_params["file_id"])
    robot.request_counts.count("DELETE /dataFiles/{file_id}", "delete")
    return answer({})


ROUTES = [
    Endpoint("POST", "/protocols", post_protocol),
    Endpoint("GET", "/protocols", get_protocols),
    Endpoint("GET", "/protocols/ids", get_protocol_ids),
    Endpoint("GET", "/protocols/{protocol_id}", get_protocol),
    Endpoint("DELETE", "/protocols/{protocol_id}", delete_protocol),
    Endpoint("GET", "/protocols/{protocol_id}/analyses", get_analyses),
    Endpoint("POST", "/protocols/{protocol_id}/analyses", post_analysis),
    Endpoint("GET", "/protocols/{protocol_id}/analyses/{analysis_id}", get_analysis),
    Endpoint("GET", "/protocols/{protocol_id}/analyses/{analysis_id}/asDocument", get_analysis_document),
    Endpoint("GET", "/protocols/{protocol_id}/dataFiles", get_protocol_data_files),
    Endpoint("POST", "/dataFiles", post_data_file),
    Endpoint("GET", "/dataFiles", get_data_files),
    Endpoint("GET", "/dataFiles/{file_id}", get_data_file),
    Endpoint("GET", "/dataFiles/{file_id}/download", download_data_file),
    Endpoint("DELETE", "/dataFiles/{file_id}", delete_data_file),
]
