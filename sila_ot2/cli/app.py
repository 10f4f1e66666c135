"""The command line as a whole: its commands, and how their faults are reported."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from sila_ot2 import errors
from sila_ot2.cli import (
    analyze,
    audit,
    backup,
    blink,
    bundle,
    call,
    config,
    deck,
    demo,
    discover,
    doctor,
    export,
    labware,
    lights,
    lock,
    module,
    offsets,
    operator_requests,
    package,
    pause,
    protocols,
    release,
    resume,
    runs,
    serve,
    service,
    session,
    simulate,
    status,
    stop,
    tips,
    upload,
    user,
    watch,
    web,
)
from sila_ot2.cli import (
    log as run_log,
)
from sila_ot2.cli import (
    run as run_verb,
)
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.config import SettingsInvalid

log = logging.getLogger(__name__)

application = typer.Typer(
    name="sila-ot2",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer's callback
    if asked:
        typer.echo(f"sila-ot2 {importlib.metadata.version('sila-ot2')}")
        raise typer.Exit


@application.callback()
def _describe(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Drive an Opentrons OT-2 liquid handling robot through SiLA 2.

    If you have no robot, start with `sila-ot2 demo`: it starts a simulated OT-2 and shows what this program can do.
    """


VERBS: dict[str, dict[str, Callable[..., int | None]]] = {
    "Begin": {
        "demo": demo.demo,
        "serve": serve.serve,
        "simulate": simulate.simulate,
        "discover": discover.discover,
        "web": web.web,
    },
    "Protocols and runs": {
        "run": run_verb.run,
        "pause": pause.pause,
        "resume": resume.resume,
        "stop": stop.stop,
        "release": release.release,
        "runs": runs.runs,
        "log": run_log.log,
        "upload": upload.upload,
        "analyze": analyze.analyze,
        "protocols": protocols.protocols,
    },
    "The robot": {
        "status": status.status,
        "deck": deck.deck,
        "doctor": doctor.doctor,
        "bundle": bundle.bundle,
        "session": session.session,
        "tips": tips.tips,
        "lights": lights.lights,
        "blink": blink.blink,
        "accept-robot": operator_requests.accept_robot,
    },
    "The SiLA server": {
        "watch": watch.watch,
        "call": call.call,
        "lock": lock.lock,
        "unlock": operator_requests.unlock,
        "backup": backup.backup,
        "restore": backup.restore,
    },
}
"""All verbs by the panel of the help that shows them."""
for panel, verbs in VERBS.items():
    for name, verb in verbs.items():
        application.command(name, rich_help_panel=panel)(verb)
application.add_typer(labware.labware, name="labware", rich_help_panel="The robot")
application.add_typer(module.module, name="module", rich_help_panel="The robot")
application.add_typer(offsets.offsets, name="offsets", rich_help_panel="The robot")
application.add_typer(export.export, name="export", rich_help_panel="The SiLA server")
application.add_typer(package.package, name="package", rich_help_panel="Protocols and runs")
application.add_typer(audit.audit, name="audit", rich_help_panel="The SiLA server")
application.add_typer(user.user, name="user", rich_help_panel="The SiLA server")
application.add_typer(service.service, name="service", rich_help_panel="The SiLA server")
application.add_typer(config.settings, name="config", rich_help_panel="The SiLA server")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a fault is reported on standard error in one line, with its trace only when `-v` was given."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its C library writes lines of its own to standard error
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        code = application(args=arguments, prog_name="sila-ot2", standalone_mode=False)
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
    except Exception as fault:  # noqa: BLE001 - the outermost frame: a stranger gets a line, not a trace
        text = f"{type(fault).__name__}: {fault}.".replace("..", ".")
        return _report(fault, text, "This is a fault of sila-ot2; run it with -v for the trace.", ExitCode.UNEXPECTED)
    return int(code or 0)


def _report(fault: BaseException, text: str, remedy: str, code: ExitCode) -> ExitCode:
    line = " ".join(f"{text} {remedy}".split())
    print(f"sila-ot2: {line}", file=sys.stderr)
    log.debug("trace of the line above", exc_info=fault)
    return code
