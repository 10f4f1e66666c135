"""No two classes in different modules have one name, but for what is one thing on either side of the wire."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "sila_ot2" / "client"
OF_CLIENT_AND_SERVER = {
    "AnswerLost": "a request whose answer did not come, to the robot or to the server",
    "DeckPicture": "the picture that the server draws and the client shows",
    "Execution": "an execution of an observable command, as it is carried out and as it is awaited",
    "Labware": "a piece of labware in the session",
    "Module": "a module of the robot",
    "ObservableProperty": "an observable property, as it is set and as it is read",
    "Pipette": "a pipette on its mount",
    "Session": "the session in which single commands run",
    "Well": "a well of a piece of labware",
}
"""What the client's users know by the name that the server has for it, and what it is."""
NAMED_BY_SILA = {"AuthenticationFailed", "AuthenticationService", "AuthorizationService", "CommandCancelled",
                 "InvalidAccessToken"}  # fmt: skip
"""Identifiers of features and errors, which test servers implement too."""


def places_of_classes() -> dict[str, list[str]]:
    """Return the modules that have a class of each name; what is generated has the names of the features."""
    places = defaultdict(list)
    for folder in ("sila_ot2", "scripts", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "generated" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for name in {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}:
                places[name].append(str(path.relative_to(ROOT)))
    return places


def test_no_two_classes_have_one_name() -> None:
    places = places_of_classes()
    assert len(places) > 1000
    twice = {name: found for name, found in places.items() if len(found) > 1 and name not in NAMED_BY_SILA}
    assert {name: found for name, found in twice.items() if name not in OF_CLIENT_AND_SERVER} == {}
    for name in OF_CLIENT_AND_SERVER:
        of_client = [place for place in twice[name] if CLIENT in (ROOT / place).parents]
        assert (len(of_client), len(twice[name])) == (1, 2), name
