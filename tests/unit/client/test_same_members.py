"""The client for asyncio has what the other one has: the same names with the same parameters."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import sila_ot2.client

INTERNAL = {"AsyncLink", "AsyncStream"}
"""The connections, which no program uses directly."""
ONLY_HERE = {
    ("Execution", "start", "within_s"),  # for the interrupts of a program; a task is cancelled
    ("Execution", "cancel", "timeout"),  # asyncio.wait_for does it
}
"""Parameters of the client that is not for asyncio."""


def classes() -> Iterator[type]:
    for module in pkgutil.walk_packages(sila_ot2.client.__path__, "sila_ot2.client."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if found.__module__ == module.name:
                yield found


def counterpart(found: type) -> type:
    """Return the class that is not for asyncio: in the module of the same name, or in the same one."""
    name = found.__module__.replace(".asynchronous", "")
    for module in (name, name.replace(".generated", "")):
        try:
            return vars(importlib.import_module(module))[found.__name__.removeprefix("Async")]  # type: ignore[no-any-return]
        except (ImportError, KeyError):
            continue
    raise LookupError(f"{found} is of no use without asyncio")


ASYNCHRONOUS = [found for found in classes() if found.__name__.startswith("Async") and found.__name__ not in INTERNAL]


def public(found: type) -> set[str]:
    return {name for name in dir(found) if not name.startswith("_")}


def test_they_are_found() -> None:
    names = {found.__name__ for found in ASYNCHRONOUS}
    assert {"AsyncOT2", "AsyncExecution", "AsyncObservableProperty", "AsyncSubscription", "AsyncLock"} <= names
    assert {"AsyncSession", "AsyncDeck", "AsyncPipette", "AsyncModules", "AsyncRunController"} <= names


@pytest.mark.parametrize("found", ASYNCHRONOUS, ids=lambda found: found.__name__)
def test_the_members_are_the_same(found: type) -> None:
    other = counterpart(found)
    assert public(found) == public(other)
    for name in public(other):
        member = getattr(other, name)
        if callable(member):
            expected = [
                parameter
                for parameter in inspect.signature(member).parameters
                if (other.__name__, name, parameter) not in ONLY_HERE
            ]
            assert list(inspect.signature(getattr(found, name)).parameters) == expected, name
        else:
            assert isinstance(getattr(found, name), type(member)), f"{name} is a property in one of them alone"


def test_a_client_is_made_with_the_same_parameters() -> None:
    parameters = inspect.signature(sila_ot2.client.connect).parameters
    assert list(inspect.signature(sila_ot2.client.connect_async).parameters) == list(parameters)
