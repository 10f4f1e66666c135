"""Several sets of implementations of the same features, of which one serves at a time.

A call belongs to the set that is current when it is admitted, until its end: what was sent to one set is never carried
out by another. Subscriptions of observable properties follow the switch.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sila_ot2.sila.admission import Admission, Call, Kind, Reservation
from sila_ot2.sila.streams.properties import ObservableProperty

_log = logging.getLogger(__name__)
_COMMANDS = frozenset({Kind.COMMAND, Kind.OBSERVABLE_COMMAND})


@dataclass(frozen=True, eq=False)
class FeatureSet:
    """Implementations of features, and who may call them.

    Attributes:
        implementations: by the fully qualified identifier of the feature.
        admission: asked for every call that is admitted while this set is current.
        simulated: whether it simulates, as the calls say that it serves.
    """

    implementations: Mapping[str, object]
    admission: Admission
    simulated: bool = False


class FeatureSwitch:
    """The admission of a server whose features have several sets of implementations; safe to use from any thread.

    Attributes:
        implementations: what the server binds, in the order of the first set.
    """

    def __init__(self, current: FeatureSet) -> None:
        self._current = current
        self._under_way: dict[Call, FeatureSet] = {}
        self._changed = threading.Condition()
        self._changing = threading.Lock()
        self._switched = {name: SwitchedFeature(self, name) for name in current.implementations}
        self.implementations: list[SwitchedFeature] = list(self._switched.values())

    @property
    def current(self) -> FeatureSet:
        """The set that serves the calls that are admitted now."""
        return self._current

    def admit(self, call: Call) -> Reservation:
        """Let the current set serve the call, if that set admits it.

        Raises:
            Exception: it does not.
        """
        with self._changed:
            serving = self._under_way[call] = self._current
        call.simulated = serving.simulated
        try:
            return _UnderWay(self, call, serving.admission.admit(call))
        except BaseException:
            self._end(call)
            raise

    def implementation(self, feature: str, call: Call | None = None) -> Any:
        """Return what implements a feature for a call that was admitted; without one, what implements it at present.

        Raises:
            KeyError: the call is not under way: which set it was sent to is not known.
        """
        serving = self._current if call is None else self._under_way[call]
        return serving.implementations[feature]

    def under_way(self, of: FeatureSet) -> list[Call]:
        """Return the commands that a set was given and that have not ended."""
        with self._changed:
            return self._commands_of(of)

    def wait_until_idle(self, of: FeatureSet, timeout_s: float) -> bool:
        """Wait until no command of a set is under way; False if the time is over first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._commands_of(of), timeout_s)

    def change(self, to: FeatureSet) -> None:
        """Let a set serve every call that is admitted from now on.

        Subscribers have its values when this returns, or the error that keeps a value from being shown.
        """
        with self._changed:
            self._current = to
        self._follow()

    def change_if_idle(self, to: FeatureSet) -> list[Call]:
        """As `change`, unless commands of the current set are under way: then return these and change nothing."""
        with self._changed:
            if under_way := self._commands_of(self._current):
                return under_way
            self._current = to
        self._follow()
        return []

    def _follow(self) -> None:
        with self._changing:
            for feature in self.implementations:
                feature.follow()

    def _commands_of(self, of: FeatureSet) -> list[Call]:
        return [
            call
            for call, serving in self._under_way.items()
            if serving is of and call.kind in _COMMANDS and call.feature in of.implementations
        ]

    def _end(self, call: Call) -> None:
        with self._changed:
            self._under_way.pop(call, None)
            self._changed.notify_all()


class _UnderWay:
    """What was reserved for a call, and that it is under way."""

    def __init__(self, switch: FeatureSwitch, call: Call, inner: Reservation | None) -> None:
        self._switch = switch
        self._call = call
        self._inner = inner

    def bind(self, execution_uuid: Any) -> None:
        if self._inner is not None:
            self._inner.bind(execution_uuid)

    def release(self) -> None:
        if self._inner is not None:
            self._inner.release()
        self._switch._end(self._call)  # noqa: SLF001 (the two classes are one mechanism)


class SwitchedFeature:
    """A feature with the members of an implementation, each of which leads to that of the set which serves the call."""

    def __init__(self, switch: FeatureSwitch, feature: str) -> None:
        self._switch = switch
        self._feature = feature
        self._properties: dict[str, ObservableProperty[Any]] = {}

    def follow(self) -> None:
        """Have the values of the current set in all observable properties."""
        source = self._switch.implementation(self._feature)
        for name, shown in self._properties.items():
            try:
                shown.follow(getattr(source, name))
            except Exception as error:  # noqa: BLE001 (the others must follow: the calls go to the other set already)
                _log.exception("The property %s of %s cannot be shown.", name, self._feature)
                shown.fail(error)

    def __getattr__(self, name: str) -> Any:
        """Return what stands for a member: a property that follows the switch, a method that dispatches, or itself."""
        if name in self._properties:
            return self._properties[name]
        member = getattr(self._switch.implementation(self._feature), name)
        if isinstance(member, ObservableProperty):
            shown = self._properties[name] = ObservableProperty[Any]()
            shown.follow(member)
            return shown
        return self._dispatching(name, member) if callable(member) else member

    def _dispatching(self, name: str, member: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(member)
        def serve(*parameters: Any, **context: Any) -> Any:
            call = next(iter(context.values()), None)
            return getattr(self._switch.implementation(self._feature, call), name)(*parameters, **context)

        return serve
