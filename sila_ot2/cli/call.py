"""`sila-ot2 call`: call any command of the server."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from sila_ot2.cli.completion import complete_command, complete_parameter
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.plain import identifier, line, snake_case
from sila_ot2.cli.terminal import show_json
from sila_ot2.number_text import read_number

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def call(
    client: OT2,
    command: Annotated[
        str,
        typer.Argument(
            metavar="FEATURE.COMMAND",
            help="For example DeviceLighting.SetRailLights.",
            autocompletion=complete_command,
        ),
    ],
    parameters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="The parameters; lists and structures as JSON, a file as @FILE.",
            autocompletion=complete_parameter,
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Call any command of the server and print what it returns. Parameters that are left out take their defaults.

    Waits until an observable command has ended. Ctrl-C asks whether to detach or to stop it; without a terminal it
    detaches.
    """
    from sila_ot2.cli.following import Detached, follow
    from sila_ot2.cli.named import command_of
    from sila_ot2.client import Execution

    method = command_of(client, command)
    given = arguments(method, command, parameters or [])
    with session_told(client, single=command.partition(".")[0] == type(client.atomic_liquid_handling).__name__):
        answer = method(**given)
        if isinstance(answer, Execution):
            try:
                answer = follow(answer, command, can_pause=False)
            except Detached:
                print("sila-ot2: It continues on the robot. See `sila-ot2 status`.", file=sys.stderr)
                return ExitCode.INTERRUPTED
    if as_json:
        show_json(answer)
    elif isinstance(answer, bytes):
        sys.stdout.buffer.write(answer)
    elif answer is not None:
        print(line(answer))
    return ExitCode.SUCCESS


@contextmanager
def session_told(client: OT2, *, single: bool) -> Iterator[None]:
    """Report after a command, also if it fails, that it has opened a session.

    Args:
        client: of the server.
        single: whether it is a single command, which opens one.
    """
    from sila_ot2.client.errors import ClientError

    had_session = not single or bool(client.atomic_liquid_handling.session.get())
    try:
        yield
    finally:
        with suppress(ClientError):  # the error of the command itself is reported
            if not had_session and client.atomic_liquid_handling.session.get():
                print(
                    "sila-ot2: A session is open, which keeps runs from starting. `sila-ot2 session close` closes it.",
                    file=sys.stderr,
                )


def arguments(method: Callable[..., Any], command: str, texts: list[str]) -> dict[str, Any]:
    """Return the arguments of a command from texts such as `Volume=50`.

    Raises:
        CommandLineError: a parameter is unknown, missing, or its value is not of its type.
    """
    known = inspect.signature(method).parameters
    hints = get_type_hints(method)
    given: dict[str, Any] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        python_name = snake_case(name)
        if not separator or python_name not in known:
            raise _wrong(command, f"no parameter {name!r}", known)
        given[python_name] = _value(name, value, hints[python_name])
    missing = [each for each, parameter in known.items() if parameter.default is parameter.empty and each not in given]
    if missing:
        raise _wrong(command, f"no default for {', '.join(map(identifier, missing))}", known)
    return given


def _value(name: str, text: str, wanted: Any) -> Any:
    """A text as a value of the type that a parameter has."""
    from pydantic import TypeAdapter, ValidationError

    adapter: TypeAdapter[Any] = TypeAdapter(wanted)
    try:
        if text.startswith("@"):
            content = Path(text[1:]).read_bytes()
            return content if wanted is bytes else adapter.validate_json(_json(content), strict=True)
        if text[:1] in ("[", "{"):
            return adapter.validate_json(_json(text), strict=True)  # takes no text, such as "3_7", for a number
        if {int, float} & {wanted, *get_args(wanted)}:
            _number(text)
        return adapter.validate_python(text)
    except OSError as error:
        raise CommandLineError(f"{name}: {error}", remedy="", code=ExitCode.USAGE) from error
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(map(str, problem['loc']))} {problem['msg']}".strip() for problem in error.errors()
        )
        raise CommandLineError(f"{name}: {reasons}", remedy="", code=ExitCode.USAGE) from error
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested lists
        raise CommandLineError(f"{name}: {error}", remedy="", code=ExitCode.USAGE) from error


def _number(text: str) -> float:
    number = read_number(text)
    if number is None:
        raise ValueError(f"{text!r} is not a number")
    return number


def _json(content: str | bytes) -> str:
    """JSON with the names of elements as Python has them, and without the `NaN` and `1e999` that `json` takes."""
    return json.dumps(_named(json.loads(content, parse_float=_number, parse_constant=_number)))


def _named(value: Any) -> Any:
    """Values with the names of elements as Python has them."""
    if isinstance(value, dict):
        return {snake_case(name): _named(element) for name, element in value.items()}
    return [_named(element) for element in value] if isinstance(value, list) else value


def _wrong(command: str, reason: str, known: Any) -> CommandLineError:
    names = ", ".join(map(identifier, known)) or "none"
    return CommandLineError(f"{command} has {reason}", remedy=f"Its parameters are {names}.", code=ExitCode.USAGE)
