"""Live limits of parameters: they follow the pipettes, the deck and the library, and are constraints of SiLA."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.deck.state.pipettes import Tip, fresh_pipette
from sila_ot2.driver.observable import Observable
from sila_ot2.implementations.parameter_constraints_provider import MOST_PROTOCOLS, ParameterConstraintsProvider
from sila_ot2.store.handovers import DeliveredLabware
from sila_ot2.times import utc_now
from tests.unit.driver.liquid_handling.test_plans import deck_state

NAMESPACE = "{http://www.sila-standard.org}"
P20, P300 = (SimpleNamespace(mount=mount, instrument_name=name) for mount, name in (
    ("left", "p20_single_gen2"), ("right", "p300_single_gen2")))  # fmt: skip


class ConstraintsProvider:
    """The feature over sources that tests set."""

    def __init__(self) -> None:
        self.state: Observable[Any] = Observable(self.with_pipettes())
        self.deck: Observable[DeckState] = Observable(DeckState())
        self.delivered: Observable[tuple[DeliveredLabware, ...]] = Observable(())
        self.protocols: Observable[Any] = Observable(())
        self.feature = ParameterConstraintsProvider(self.state, self.deck, self.delivered, self.protocols)

    @staticmethod
    def with_pipettes(*pipettes: Any, modules: tuple[str, ...] = (), kind: str = "temperatureModule") -> Any:
        """Modules by serial number, which begins with the generation."""
        attached = [
            SimpleNamespace(module_type=f"{kind}Type", module_model=f"{kind}V{one[0]}", serial_number=one)
            for one in modules
        ]
        machine = SimpleNamespace(attached_pipettes=pipettes, modules=SimpleNamespace(value=attached))
        return SimpleNamespace(machine=machine)

    @staticmethod
    def protocol(number: int) -> Any:
        stored = SimpleNamespace(
            identifier=f"p{number}", name=f"Plate <{number}>", files=[SimpleNamespace(name="a.py")]
        )
        return SimpleNamespace(stored=stored)

    def of(self, command: str, parameter: str) -> Any:
        """Return the values of a set, a highest value, or None if the parameter is not limited."""
        name = f"{'/' if '/' in command else '/Command/'}{command}/Parameter/{parameter}"
        shown: Any = self.feature.ParametersConstraints
        found = [item for item in shown.value if item.CommandParameterIdentifier.endswith(name)]
        if not found:
            return None
        (item,) = found
        root = etree.fromstring(item.Constraints)
        assert root.tag == f"{NAMESPACE}Constraints"
        (constraint,) = root
        if constraint.tag == f"{NAMESPACE}MaximalInclusive":
            return float(constraint.text or "")
        return [value.text or "" for value in constraint]


@pytest.fixture
def provider() -> ConstraintsProvider:
    return ConstraintsProvider()


def test_what_is_not_known_limits_nothing(provider: ConstraintsProvider) -> None:
    for command, parameter in (
        ("Aspirate", "Mount"),
        ("Aspirate", "Volume"),
        ("Aspirate", "LabwareIdentifier"),
        ("RunProtocol", "ProtocolIdentifier"),
        ("PrepareForOutput", "InternalPosition"),
    ):
        assert provider.of(command, parameter) is None
    assert provider.of("LoadModule", "Slot") == list(SLOTS)


def test_mounts_and_volumes_follow_the_pipettes(provider: ConstraintsProvider) -> None:
    provider.state.set(provider.with_pipettes(P20))
    assert provider.of("PickUpTip", "Mount") == ["left"]
    assert provider.of("Aspirate", "Volume") == 20
    provider.state.set(provider.with_pipettes(P20, P300))
    assert provider.of("PickUpTip", "Mount") == ["left", "right"]
    assert provider.of("Mix", "Volume") == 300


def test_a_tip_that_takes_less_than_the_pipette_limits_the_volume(provider: ConstraintsProvider) -> None:
    provider.state.set(provider.with_pipettes(P300))
    pipette = fresh_pipette("right", "r", "p300_single_gen2")
    state = replace(DeckState(), pipettes={"right": replace(pipette, tip=Tip("rack", "A1", 200.0))})
    provider.deck.set(state)
    assert provider.of("Dispense", "Volume") == 200


def test_labware_and_slots_follow_the_session(provider: ConstraintsProvider) -> None:
    provider.deck.set(deck_state())
    loaded = deck_state().labware
    assert provider.of("MoveLabware", "LabwareIdentifier") == list(loaded)
    on_deck = [name for name, labware in loaded.items() if labware.is_on_deck]
    assert on_deck != list(loaded)
    assert provider.of("Aspirate", "LabwareIdentifier") == on_deck
    assert provider.of("PickUpTip", "TipRackIdentifier") == [
        *(one.labware_id for one in deck_state().labware.values() if one.is_tip_rack), "",
    ]  # fmt: skip
    taken = {one.location for one in deck_state().labware.values()}
    assert provider.of("LoadModule", "Slot") == [slot for slot in SLOTS if slot not in taken]
    assert not taken & set(provider.of("LoadLabware", "Location"))
    assert provider.of("MoveLabware", "NewLocation")[-1] == "offDeck"
    provider.deck.set(DeckState())
    assert provider.of("Aspirate", "LabwareIdentifier") is None


def test_slots_of_hand_overs_follow_what_was_delivered(provider: ConstraintsProvider) -> None:
    provider.delivered.set((DeliveredLabware("3", "", "plate 7", utc_now()),))
    assert "3" not in provider.of("PrepareForInput", "InternalPosition")
    assert provider.of("PrepareForOutput", "InternalPosition") == ["3"]


def test_modules_follow_what_is_attached(provider: ConstraintsProvider) -> None:
    commands = {
        "temperatureModule": "OT2TemperatureModuleController/v1/Command/SetTemperature",
        "heaterShakerModule": "OT2HeaterShakerController/v1/Command/SetHeaterTemperature",
        "thermocyclerModule": "OT2ThermocyclerController/v1/Command/RunProfile",
        "magneticModule": "OT2MagneticModuleController/v1/Command/Engage",
    }
    for kind in commands:
        for attached, allowed in (((), None), (("2A",), ["2A", ""]), (("2A", "2B"), ["2A", "2B"])):
            provider.state.set(provider.with_pipettes(modules=attached, kind=kind))
            found = {one: provider.of(command, "ModuleIdentifier") for one, command in commands.items()}
            assert found == {one: allowed if one == kind else None for one in commands}


@pytest.mark.parametrize(
    ("attached", "highest_mm"), [((), None), (("1A",), 20), (("2A",), 22.5), (("1A", "2B"), 22.5), (("2A", "3B"), None)]
)
def test_the_height_of_magnets_follows_their_generation(
    provider: ConstraintsProvider, attached: tuple[str, ...], highest_mm: float | None
) -> None:
    provider.state.set(provider.with_pipettes(modules=attached, kind="magneticModule"))
    assert provider.of("OT2MagneticModuleController/v1/Command/Engage", "Height") == highest_mm


def test_protocols_follow_the_library(provider: ConstraintsProvider) -> None:
    provider.protocols.set((provider.protocol(1), provider.protocol(2)))
    assert provider.of("RunProtocol", "ProtocolIdentifier") == ["p1", "p2"]
    assert provider.of("RunStoredProtocol", "ProtocolName") == ["Plate <1>", "Plate <2>", "a.py", "p1", "p2"]
    provider.protocols.set(tuple(provider.protocol(number) for number in range(MOST_PROTOCOLS + 1)))
    assert provider.of("RunProtocol", "ProtocolIdentifier") is None


def test_they_are_constraints_as_the_standard_has_them(provider: ConstraintsProvider) -> None:
    """The standard's schema has a type for them and no root element: one is made for this test."""
    provider.state.set(provider.with_pipettes(P20, P300))
    provider.deck.set(deck_state())
    folder = files("sila2") / "resources" / "xsd"
    root = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sila="http://www.sila-standard.org"
        targetNamespace="http://www.sila-standard.org" elementFormDefault="qualified">
        <xs:include schemaLocation="file://{folder}/Constraints.xsd"/>
        <xs:element name="Constraints" type="sila:Constraints"/></xs:schema>"""
    schema = etree.XMLSchema(etree.fromstring(root))
    shown: Any = provider.feature.ParametersConstraints
    assert len(shown.value) > 40
    for item in shown.value:
        schema.assertValid(etree.fromstring(item.Constraints))
