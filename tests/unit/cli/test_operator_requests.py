"""`sila-ot2 unlock` and `sila-ot2 accept-robot` end with the exit code of what the server has done."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.cli import operator_requests as verbs
from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from sila_ot2.errors import StorageFull
from sila_ot2.store import operator_requests
from sila_ot2.store.operator_requests import ACCEPT_ROBOT, UNLOCK, OperatorRequests


def _fail(reason: str) -> str:
    raise StorageFull("The disk is full.")


@pytest.mark.parametrize(
    ("verb", "code", "printed"),
    [(UNLOCK, ExitCode.SUCCESS, "It is unlocked."), (ACCEPT_ROBOT, ExitCode.FAILED, "The disk is full.")],
)
def test_a_request_that_fails_has_an_exit_code_of_its_own(
    verb: str,
    code: ExitCode,
    printed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(operator_requests, "LOOK_S", 0.01)
    monkeypatch.setattr(verbs, "directory_of", lambda *_: tmp_path)
    requests = OperatorRequests(tmp_path, {UNLOCK: lambda _: "It is unlocked.", ACCEPT_ROBOT: _fail})
    requests.start()
    try:
        assert run([verb]) == code
    finally:
        requests.stop()
    output, report = capsys.readouterr()
    assert printed in (output if code is ExitCode.SUCCESS else report)
