"""Functions to call when something happens. For a value that changes, use `driver.observable.Observable`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Subscribers(Generic[P]):
    """The functions to call when one kind of event happens; `P` is their parameters.

    `fire` calls them in the order of subscription, on its own thread. If one raises, `fire` raises, and the later ones
    are not called. A caller that needs other rules iterates over them.
    """

    def __init__(self) -> None:
        self._functions: tuple[Callable[P, object], ...] = ()

    def subscribe(self, function: Callable[P, object]) -> Callable[[], None]:
        """Call `function` at each event from now on; returns a function that ends the subscription."""
        self._functions = (*self._functions, function)

        def unsubscribe() -> None:
            left = list(self._functions)
            if function in left:
                left.remove(function)
            self._functions = tuple(left)

        return unsubscribe

    def fire(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all of them."""
        for function in self._functions:
            function(*args, **kwargs)

    def __iter__(self) -> Iterator[Callable[P, object]]:
        return iter(self._functions)
