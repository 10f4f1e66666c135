"""The log goes where the settings say, in the form that they say."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.cli import logs
from sila_ot2.cli.logs import PrivateFile, WithoutWaiting, write_log
from sila_ot2.config.service_settings import LogSettings
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("sila_ot2")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_json_lines_have_time_level_logger_message_and_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "server.log"
    write_log(LogSettings(format="json", file=file))
    log = logging.getLogger("sila_ot2.test")
    log.debug("not logged")
    log.info("run %s started\nand more", "7")
    try:
        raise ValueError("wrong")
    except ValueError:
        log.exception("failed")
    logging.shutdown()
    started, failed = map(json.loads, file.read_text().splitlines())
    assert (started["level"], started["logger"]) == ("INFO", "sila_ot2.test")
    assert started["message"] == "run 7 started\nand more"
    assert dt.datetime.fromisoformat(started["time"]).utcoffset() == dt.timedelta(0)
    assert "ValueError: wrong" in failed["traceback"]
    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == [started, failed]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_has_reached_its_size_is_followed_by_another(tmp_path: Path) -> None:
    file = tmp_path / "server.log"
    write_log(LogSettings(level="warning", file=file, file_mb=0.0005, kept_files=2))
    for _ in range(40):
        logging.getLogger("sila_ot2.test").warning("x" * 50)
        logging.getLogger("sila_ot2.test").info("not logged")
    logging.shutdown()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["server.log", "server.log.1", "server.log.2"]
    assert "not logged" not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = PrivateFile(tmp_path / "server.log")
    assert handler.stream is not None
    handler.stream.close()
    for _ in range(3):
        handler.handle(logging.makeLogRecord({"msg": "a line"}))
    assert capsys.readouterr().err.count("server.log cannot be written: ") == 1


def test_nobody_who_logs_waits_for_a_pipe_that_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "WAITING_LINES", 100)
    reading, writing = os.pipe()
    with open(writing, "w", encoding="utf-8") as stderr, open(reading, encoding="utf-8") as pipe:
        handler, read = WithoutWaiting(logging.StreamHandler(stderr)), list[str]()
        for number in range(1000):
            handler.handle(logging.makeLogRecord({"msg": "%d %s", "args": (number, "x" * 1000)}))
        reader = threading.Thread(target=lambda: read.extend(pipe))
        reader.start()
        wait_for(lambda: len(read) >= 100)
        handler.handle(logging.makeLogRecord({"msg": "the end"}))
        wait_for(lambda: read[-1] == "the end\n")
        stderr.close()
        reader.join()
    expected = 0
    for line in read[:-1]:
        number = int(line.split()[0])
        if "missing" in line:
            expected += number
        else:
            assert number == expected
            expected += 1
    assert expected == 1000
    assert len(read) < 300
