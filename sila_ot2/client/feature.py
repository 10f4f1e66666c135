"""What the generated classes of features share."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

L = TypeVar("L")


class Feature(Generic[L]):
    """A feature of a server.

    Args:
        link: the connection.
    """

    IDENTIFIER: ClassVar[str]
    """The fully qualified identifier."""

    def __init__(self, link: L) -> None:
        self._link = link

    def __repr__(self) -> str:
        summary = " ".join((self.__doc__ or "").split()).split(". ")[0]
        names = [name for name in vars(type(self)) if not name.startswith("_") and name != "IDENTIFIER"]
        return f"<{type(self).__name__}: {summary}. It has {', '.join(names)}.>"
