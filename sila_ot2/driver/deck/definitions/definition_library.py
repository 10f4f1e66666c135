"""The library of custom labware definitions, from which protocols and sessions get what they load."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions, uri_of
from sila_ot2.driver.deck.definitions.definition_check import OPENTRONS, checked_definition
from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import LabwareDefinitionExists, LabwareDefinitionInvalid, LabwareDefinitionNotFound
from sila_ot2.store.labware_definitions import DefinitionStore, StoredDefinition
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundDefinition:
    """A definition that a search has found."""

    uri: str
    display_name: str
    category: str
    well_count: int
    source: Literal["Library", "Robot"]


class DefinitionLibrary:
    """One per robot; safe to use from any thread."""

    def __init__(self, store: DefinitionStore) -> None:
        self._store = store
        self.entries: Observable[tuple[StoredDefinition, ...]] = Observable(tuple(store.all()))

    def add_definition(self, content: bytes) -> tuple[str, bool]:
        """Keep a definition; returns its URI and whether the same one was kept before.

        Raises:
            LabwareDefinitionInvalid: the robot could not use it; nothing was kept.
            LabwareDefinitionExists: another one with the same URI is kept.
        """
        definition = checked_definition(content)
        uri = uri_of(definition)
        stored = StoredDefinition(
            uri=uri,
            namespace=definition["namespace"],
            load_name=definition["parameters"]["loadName"],
            version=definition["version"],
            display_name=definition["metadata"]["displayName"],
            category=definition["metadata"]["displayCategory"],
            well_count=len(definition["wells"]),
            added_at=utc_now(),
        )
        if self._store.add(stored, content):
            self.entries.set(tuple(self._store.all()))
            return uri, False
        kept = self._store.content(uri)
        if kept is not None and _read(kept, uri) != definition:
            raise LabwareDefinitionExists(
                f"Another definition {uri} is in the library.",
                "Raise the version in the definition. Offsets and protocols rely on what is there.",
            )
        return uri, True

    def remove_definition(self, uri: str) -> None:
        """Remove a definition. Protocols and sessions that have it keep it.

        Raises:
            LabwareDefinitionNotFound: the library does not have it.
        """
        if not self._store.remove(uri):
            raise _not_found(uri)
        self.entries.set(tuple(self._store.all()))

    def definition_content(self, uri: str) -> bytes:
        """Return a definition: one of the library as it was given, or one that robots have themselves.

        Raises:
            LabwareDefinitionNotFound: neither has this URI.
        """
        kept = self._store.content(uri)
        if kept is not None:
            return kept
        builtin = builtin_definitions().get(uri.split("/")[1] if uri.count("/") == 2 else "")
        if builtin is None or uri_of(builtin) != uri:
            raise _not_found(uri)
        return json.dumps(builtin, indent=2).encode()

    def find(self, uri: str) -> Mapping[str, Any] | None:
        """Return a definition as far as it is known here; of Opentrons' own, always the newest version.

        Args:
            uri: of the definition; a load name alone means Opentrons' own.
        """
        if (kept := self._store.content(uri)) is not None:
            definition: Mapping[str, Any] = json.loads(kept)
            return definition
        is_own = uri.startswith("opentrons/")
        if uri.count("/") and not is_own:
            return None
        return builtin_definitions().get(uri.split("/")[1] if is_own else uri)

    def search_definitions(self, text: str) -> list[FoundDefinition]:
        """Return the definitions whose URI, display name or category has every word of `text`.

        Raises:
            LabwareDefinitionNotFound: there is none.
        """
        words = text.lower().split()
        own = [
            FoundDefinition(one.uri, one.display_name, one.category, one.well_count, "Library")
            for one in self.entries.value
        ]
        robots = [_of_robot(definition) for definition in builtin_definitions().values()]
        found = [
            one
            for one in (*own, *robots)
            if all(word in f"{one.uri} {one.display_name} {one.category}".lower() for word in words)
        ]
        if not found:
            raise LabwareDefinitionNotFound(f"No labware definition has all of the words {text!r}.", "Use fewer words.")
        return found

    def to_define(self, load_name: str, namespace: str = "", version: int = 0) -> bytes | None:
        """Return what a session that loads this labware has to be given first; None if it needs nothing.

        Without a namespace, labware that robots have themselves is meant wherever there is some of this name, and
        nothing of the library where several namespaces have it. Without a version, the newest is meant.
        """
        if namespace == OPENTRONS or (not namespace and load_name in builtin_definitions()):
            return None
        candidates = [
            one
            for one in self.entries.value
            if one.load_name == load_name and namespace in ("", one.namespace) and version in (0, one.version)
        ]
        if len({one.namespace for one in candidates}) != 1:
            return None
        return self._usable(max(candidates, key=lambda one: one.version))

    def needed_by(self, texts: Sequence[bytes], brought: Iterable[bytes]) -> list[bytes]:
        """Return the definitions that a Python protocol loads and does not bring along.

        Args:
            texts: its Python files.
            brought: the labware definitions beside it, which have been read before.

        A definition is needed if its load name stands in quotes in the protocol. Where robots have labware of the
        same name, or several namespaces do, its namespace must stand there too: a protocol must never get other labware
        than before because something was added to the library. Of several versions the protocol gets those that it
        names, or else the newest.
        """
        own = {(one["namespace"], one["parameters"]["loadName"]) for one in map(read_definition, brought)}

        def namespaces(load_name: str) -> set[str]:
            return {namespace for namespace, name in own if name == load_name}

        named = [
            one
            for one in self.entries.value
            if (one.namespace, one.load_name) not in own and _quotes(texts, one.load_name)
        ]
        found: list[bytes] = []
        for (namespace, load_name), versions in groupby(named, key=lambda one: (one.namespace, one.load_name)):
            others = {one.namespace for one in named if one.load_name == load_name} | namespaces(load_name)
            if (others != {namespace} or load_name in builtin_definitions()) and not _quotes(texts, namespace):
                continue
            listed = list(versions)
            asked = [one for one in listed if _names_version(texts, one.version)]
            contents = [self._usable(one) for one in asked or listed[-1:]]
            found += [content for content in contents if content is not None]
        return found

    def _usable(self, stored: StoredDefinition) -> bytes | None:
        """Return the content; None if it is not valid any more, so that the others can still be used."""
        content = self._store.content(stored.uri)
        if content is None or _read(content, stored.uri) is None:
            return None
        return content


def _read(content: bytes, uri: str) -> Mapping[str, Any] | None:
    try:
        return checked_definition(content)
    except LabwareDefinitionInvalid as invalid:
        log.warning("The labware definition %s of the library is left out: %s", uri, invalid)
        return None


def _of_robot(definition: Mapping[str, Any]) -> FoundDefinition:
    metadata = definition["metadata"]
    return FoundDefinition(
        uri_of(definition), metadata["displayName"], metadata["displayCategory"], len(definition["wells"]), "Robot"
    )


def _quotes(texts: Sequence[bytes], name: str) -> bool:
    return any(quote + name.encode() + quote in text for text in texts for quote in (b'"', b"'"))


def _names_version(texts: Sequence[bytes], version: int) -> bool:
    named = re.compile(rb"version\s*=\s*%d\b" % version)
    return any(named.search(text) for text in texts)


def _not_found(uri: str) -> LabwareDefinitionNotFound:
    return LabwareDefinitionNotFound(
        f"There is no labware definition {uri}.", "Look at Definitions, or search for one with SearchDefinitions."
    )
