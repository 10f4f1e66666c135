"""Who is called when something happens that leaves no value behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Subscribers(Generic[P]):
    """The functions that are called when one thing happens, with what is told of it.

    They are called in order of their subscription, on the thread that fires; a fault of one keeps those after it from
    being called, and goes up to who fires. Iterated over by who calls each in a way of its own.
    """

    def __init__(self) -> None:
        self._functions: tuple[Callable[P, object], ...] = ()

    def subscribe(self, function: Callable[P, object]) -> Callable[[], None]:
        """Call `function` from now on whenever it happens; returns what ends that."""
        self._functions = (*self._functions, function)

        def unsubscribe() -> None:
            left = list(self._functions)
            if function in left:
                left.remove(function)
            self._functions = tuple(left)

        return unsubscribe

    def fire(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all of them: it has happened."""
        for function in self._functions:
            function(*args, **kwargs)

    def __iter__(self) -> Iterator[Callable[P, object]]:
        return iter(self._functions)
