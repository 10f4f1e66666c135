"""The command line as a whole: its commands, and how their faults are reported."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer

from sila_ot2 import errors
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.verbs import VERBS, application_with
from sila_ot2.config import SettingsInvalid

log = logging.getLogger(__name__)

COMPUTER_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Errors of the output: its disk is full, or cannot be written."""


def _application(arguments: Sequence[str]) -> typer.Typer:
    """The command line, with the one verb that is named: to load all takes longer than most verbs."""
    verb = arguments[0] if arguments else ""
    return application_with([verb] if verb in VERBS else VERBS)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a fault is reported on standard error in one line, with its trace only when `-v` was given."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its C library writes lines of its own to standard error
    _open_closed_streams()
    _write_any_character()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        arguments = sys.argv[1:] if arguments is None else arguments
        code = _application(arguments)(args=arguments, prog_name="sila-ot2", standalone_mode=False)
        sys.stdout.flush()  # what cannot be written is reported here, not at the end of the process
    except typer.TyperException as fault:  # wrong usage
        if not fault.format_message():  # no verb was given, and the help is shown
            return ExitCode.USAGE
        where = getattr(getattr(fault, "ctx", None), "command_path", "sila-ot2")
        return _report(fault, fault.format_message().rstrip(".") + ".", f"See `{where} --help`.", ExitCode.USAGE)
    except SettingsInvalid as fault:
        return _report(fault, str(fault), "", ExitCode.USAGE)
    except CommandLineError as fault:
        return _report(fault, str(fault), "", fault.code)
    except errors.RobotUnreachable as fault:
        return _report(fault, str(fault), "", ExitCode.UNREACHABLE)
    except errors.OT2Fault as fault:
        return _report(fault, str(fault), "", ExitCode.FAILED)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):  # which typer turns into the exit code 1
            raise
        return _nobody_reads()
    except OSError as fault:
        if isinstance(fault.filename, (str, bytes, Path)):
            text = f"{os.fsdecode(fault.filename)} cannot be used: {fault.strerror}."
            return _report(fault, text, "", ExitCode.UNAVAILABLE)
        if fault.errno not in COMPUTER_FAULTS:
            return _report_unexpected(fault)
        return _report(fault, f"The output cannot be written: {fault.strerror}.", "", ExitCode.UNAVAILABLE)
    except Exception as fault:  # noqa: BLE001 - the outermost frame: users get a line, not a trace
        return _report_unexpected(fault)
    return int(code or 0)


def _open_closed_streams() -> None:
    """Read nothing from, and write to nowhere, what the caller has closed, as `<&-` and `>&-` do: it is None then."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (open to the end)


def _write_any_character() -> None:
    """Let a terminal that does not know a character, such as µ, show its number; it must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _nobody_reads() -> ExitCode:
    """Discard what is left of the output, so that the end of the process does not fail."""
    with suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:  # noqa: PTH123 (it is no file)
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return ExitCode.OUTPUT_CLOSED


def _report_unexpected(fault: BaseException) -> ExitCode:
    text = f"{type(fault).__name__}: {fault}.".replace("..", ".")
    return _report(fault, text, "This is a fault of sila-ot2; run it with -v for the trace.", ExitCode.UNEXPECTED)


def _report(fault: BaseException, text: str, remedy: str, code: ExitCode) -> ExitCode:
    line = " ".join(f"{text} {remedy}".split())
    print(f"sila-ot2: {line}", file=sys.stderr)
    log.debug("trace of the line above", exc_info=fault)
    return code
