"""The feature AtomicLiquidHandling as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from sila_ot2.generated import ObservableProperty


class CommandRecord(NamedTuple):
    """When the robot carried out a command, and the identifier of the robot's command."""

    CommandIdentifier: str
    """The identifier of the robot's command. It is empty if no request was sent to the robot."""
    StartedAt: datetime.datetime
    """When the command began, by the clock of the robot."""
    CompletedAt: datetime.datetime
    """When the command ended, by the clock of the robot."""
    Simulated: bool
    """True if the command was carried out by the simulated robot of the feature Simulation Controller: nothing moved."""


class SessionSummary(NamedTuple):
    """A session of single commands."""

    State: str
    """Opening: it is being opened. Ready: it accepts commands. Busy: a command is running. Lost: another client or a
    restart of the robot ended it; a lost session is shown until it is closed or a new one is opened.
    """
    RunIdentifier: str
    """The run of the session. It is empty while the session is being opened."""
    OpenedAt: datetime.datetime
    """When opening the session began, by the clock of this server."""
    DisplacedBy: str
    """The run that replaced a lost session. It is empty if the session is not lost or if the run is not known."""


class CommandOutcome(NamedTuple):
    """The outcome of a command."""

    CommandName: str
    """The identifier of the command of this feature, for example Aspirate."""
    CommandIdentifier: str
    """The identifier of the robot's command. It is empty until the robot has assigned one."""
    Outcome: str
    """How it ended, or AtWork while it is running."""
    StartedAt: datetime.datetime
    """When the command began, by the clock of this server."""
    CompletedAt: list[datetime.datetime]
    """When the command ended, by the clock of this server. The list is empty while the command is running."""
    ErrorIdentifier: str
    """The identifier of the error it ended with, for example TipNotAttached. It is empty if there was none."""
    Detail: str
    """The text of the error. It is empty if there was none."""
    Simulated: bool
    """True if the command was sent to the simulated robot of the feature Simulation Controller: nothing moved."""


class StatedTipState(NamedTuple):
    """What a person has seen on the pipette of a mount."""

    Mount: str
    """The mount."""
    TipState: str
    """Whether a tip is there."""


class StepProgress(NamedTuple):
    """The progress of a command that has several movements."""

    CompletedSteps: int
    """How many movements have been carried out."""
    TotalSteps: int
    """The number of all movements."""
    CurrentWell: str
    """The well of the current movement, with its labware. It may be empty."""


class PipetteState(NamedTuple):
    """What is known about a pipette."""

    Mount: str
    """The mount."""
    PipetteIdentifier: str
    """The identifier of the pipette in this session."""
    PipetteName: str
    """The robot's name for the pipette, for example p300_single_gen2."""
    Channels: int
    """How many channels it has."""
    ActiveNozzles: int
    """How many of them take tips."""
    MinimumVolume: float
    """The smallest volume that the pipette is made for."""
    MaximumVolume: float
    """The largest volume that the pipette takes with the attached tip. Without a tip, the largest volume of the
    pipette itself.
    """
    TipState: str
    """Whether a tip is attached."""
    TipRackIdentifier: str
    """The rack that the tip came from. It is empty if there is no tip or if that is not known."""
    TipWell: str
    """The position in the rack that the tip came from. It is empty if there is no tip or if that is not known."""
    ContainedVolume: float
    """The volume in the tip, including air."""
    Evidence: str
    """Tracked: it follows from commands that the robot carried out. Assumed: no tip was picked up in this session, or
    a person has stated it. Unknown: a command failed, its outcome was lost, or the robot has forgotten a tip.
    """


class LabwareState(NamedTuple):
    """A piece of labware that is loaded in the session."""

    LabwareIdentifier: str
    """The identifier of the labware in this session."""
    DefinitionUri: str
    """The labware definition, written as namespace/load name/version."""
    DisplayName: str
    """The name for users. It may be empty."""
    Location: str
    """The slot, the identifier of the module or labware that it is on, or offDeck."""


class ModuleState(NamedTuple):
    """A module that is loaded in the session."""

    ModuleIdentifier: str
    """The identifier of the module in this session."""
    ModuleModel: str
    """The robot's name for the model."""
    SerialNumber: str
    """The serial number of the module."""
    Slot: str
    """The slot."""


class ReportedPosition(NamedTuple):
    """The position of the tip of a pipette, or of its nozzle if there is no tip."""

    Mount: str
    """The mount."""
    X: float
    """The distance to the right of the front left corner of slot 1."""
    Y: float
    """The distance behind that corner, toward the back of the robot."""
    Z: float
    """The height above the deck."""
    ReportedAt: datetime.datetime
    """When the robot reported it, by the clock of the robot."""


class ActivePart(NamedTuple):
    """A part of a module that heats, cools, shakes, or is raised, or that is still hot."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it, for example temperatureModuleV2."""
    Part: str
    """Which part of the module it is."""
    Activity: str
    """What it does, in words, for example: set to 70 °C, at 62.1 °C."""


class LoadLabwareResponses(NamedTuple):
    """Responses of LoadLabware."""

    LabwareIdentifier: str
    """The identifier of the labware in this session."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class LoadPipetteResponses(NamedTuple):
    """Responses of LoadPipette."""

    PipetteIdentifier: str
    """The identifier of the pipette in this session."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class PickUpTipResponses(NamedTuple):
    """Responses of PickUpTip."""

    TipRackIdentifier: str
    """The tip rack that the tip came from."""
    Well: str
    """The position in the rack that the tip came from."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class LoadModuleResponses(NamedTuple):
    """Responses of LoadModule."""

    ModuleIdentifier: str
    """The identifier of the module in this session."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class TransferResponses(NamedTuple):
    """Responses of Transfer."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class DistributeResponses(NamedTuple):
    """Responses of Distribute."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class ConsolidateResponses(NamedTuple):
    """Responses of Consolidate."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class ExecuteWorklistResponses(NamedTuple):
    """Responses of ExecuteWorklist."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    RunIdentifier: str
    """The run in which the steps were executed."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class SavePositionResponses(NamedTuple):
    """Responses of SavePosition."""

    X: float
    """The distance to the right of the front left corner of slot 1."""
    Y: float
    """The distance behind that corner, toward the back of the robot."""
    Z: float
    """The height above the deck."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


class ExecuteRawCommandResponses(NamedTuple):
    """Responses of ExecuteRawCommand."""

    Result: bytes
    """The result, as the robot returned it."""
    Record: CommandRecord
    """When the robot carried out the command, and the identifier of the robot's command."""


@dataclass(frozen=True, kw_only=True)
class LoadLabwareParameters:
    """Parameters of LoadLabware."""

    load_name: Annotated[str, Field(alias="LoadName", pattern=r"^(?:[a-z0-9._]{1,200})$")]
    """The load name of the labware definition, for example corning_96_wellplate_360ul_flat."""
    namespace: Annotated[str, Field(alias="Namespace", pattern=r"^(?:[a-z0-9._]{0,100})$")] = ""
    """The namespace of the definition. Empty means that of a definition sent with Define Labware under this load name,
    or else opentrons; where robots have no labware of this name, that of the definition in the library (feature OT2
    Labware Definition Service).
    """
    version: Annotated[int, Field(alias="Version", ge=0, le=10000)] = 0
    """The version of the definition. At least 0, at most 10000. 0 means that of a definition sent with Define Labware
    under this load name, or else 1.
    """
    location: Annotated[
        str,
        Field(
            alias="Location",
            pattern=r"^(?:[1-9]|1[01]|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The slot, or the identifier of the loaded module or labware that it is on."""
    display_name: Annotated[str, Field(alias="DisplayName")] = ""
    """A name for users. Empty means none."""


@dataclass(frozen=True, kw_only=True)
class DefineLabwareParameters:
    """Parameters of DefineLabware."""

    definition: Annotated[bytes, Field(alias="Definition")]
    """An Opentrons labware definition (JSON), at most 2 megabytes."""


@dataclass(frozen=True, kw_only=True)
class LoadPipetteParameters:
    """Parameters of LoadPipette."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""


@dataclass(frozen=True, kw_only=True)
class HomeParameters:
    """Parameters of Home."""

    axes: Annotated[list[Literal["X", "Y", "LeftZ", "RightZ", "LeftPlunger", "RightPlunger"]], Field(alias="Axes")] = (
        field(default_factory=list)
    )
    """The axes to home. Empty means all of them."""


@dataclass(frozen=True, kw_only=True)
class PickUpTipParameters:
    """Parameters of PickUpTip."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    tip_rack_identifier: Annotated[
        str,
        Field(
            alias="TipRackIdentifier",
            pattern=r"^(?:([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?)$",
        ),
    ] = ""
    """The tip rack, as Load Labware returned it. Empty means the first one loaded that has an unused tip that fits."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:([A-Z]{1,2}[1-9][0-9]?)?)$")] = ""
    """The position in the rack. Empty means the next one that has not been used in this session or, in a rack that is
    declared with the feature OT2 Tip Tracking Service, the next unused tip. A place that is Empty there is refused.
    """


@dataclass(frozen=True, kw_only=True)
class DropTipParameters:
    """Parameters of DropTip."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    destination: Annotated[
        str,
        Field(
            alias="Destination",
            pattern=r"^(?:([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?)$",
        ),
    ] = ""
    """The labware to drop the tip into, as Load Labware returned it. Empty means the fixed trash."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:([A-Z]{1,2}[1-9][0-9]?)?)$")] = ""
    """The well of the destination. It must be empty for the fixed trash. Empty means the first one."""
    alternate: Annotated[bool, Field(alias="Alternate")] = False
    """True drops tips at alternating positions of the fixed trash, so that they do not pile up. It has no effect
    elsewhere or on robots before release 7.1.
    """


@dataclass(frozen=True, kw_only=True)
class AspirateParameters:
    """Parameters of Aspirate."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Bottom"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = 1.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class DispenseParameters:
    """Parameters of Dispense."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Bottom"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = 1.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """
    push_out_ul: Annotated[float, Field(alias="PushOut", ge=0, le=1000)] = 0.0
    """The volume by which the plunger is pushed further than the dispensed volume. A value other than 0 needs robot
    release 7.0 or later. In µL, at least 0, at most 1000. 0 means the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class LoadModuleParameters:
    """Parameters of LoadModule."""

    module_model: Annotated[
        Literal[
            "temperatureModuleV1",
            "temperatureModuleV2",
            "magneticModuleV1",
            "magneticModuleV2",
            "thermocyclerModuleV1",
            "thermocyclerModuleV2",
            "heaterShakerModuleV1",
        ],
        Field(alias="ModuleModel"),
    ]
    """The robot's name for the model."""
    slot: Annotated[str, Field(alias="Slot", pattern=r"^(?:[1-9]|1[01])$")]
    """The slot. For a thermocycler it is 7, although a thermocycler covers more slots."""


@dataclass(frozen=True, kw_only=True)
class MoveLabwareParameters:
    """Parameters of MoveLabware."""

    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    new_location: Annotated[
        str,
        Field(
            alias="NewLocation",
            pattern=r"^(?:[1-9]|1[01]|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|offDeck)$",
        ),
    ]
    """The slot, the identifier of the loaded module or labware that it is put on, or offDeck."""


@dataclass(frozen=True, kw_only=True)
class RemoveLabwareParameters:
    """Parameters of RemoveLabware."""

    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""


@dataclass(frozen=True, kw_only=True)
class ReturnTipParameters:
    """Parameters of ReturnTip."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""


@dataclass(frozen=True, kw_only=True)
class DiscardTipUntrackedParameters:
    """Parameters of DiscardTipUntracked."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""


@dataclass(frozen=True, kw_only=True)
class AspirateInPlaceParameters:
    """Parameters of AspirateInPlace."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class DispenseInPlaceParameters:
    """Parameters of DispenseInPlace."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """
    push_out_ul: Annotated[float, Field(alias="PushOut", ge=0, le=1000)] = 0.0
    """The volume by which the plunger is pushed further than the dispensed volume. A value other than 0 needs robot
    release 7.0 or later. In µL, at least 0, at most 1000. 0 means the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class BlowOutInPlaceParameters:
    """Parameters of BlowOutInPlace."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class AirGapParameters:
    """Parameters of AirGap."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class MixParameters:
    """Parameters of Mix."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""
    repetitions: Annotated[int, Field(alias="Repetitions", ge=1, le=99)]
    """The number of repetitions. At least 1, at most 99."""
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Bottom"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = 1.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    aspirate_flow_rate_ul_s: Annotated[float, Field(alias="AspirateFlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of drawing; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at
    least 0, at most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """
    dispense_flow_rate_ul_s: Annotated[float, Field(alias="DispenseFlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of pushing out; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s,
    at least 0, at most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """
    liquid_class: Annotated[str, Field(alias="LiquidClass")] = ""
    """The liquid class, from the table of this server (setting session.liquid_classes): flow rates, delays, and
    touching the well for the pipette and its tip. Values in other parameters take precedence. Empty means water,
    with the values of the other parameters.
    """


@dataclass(frozen=True, kw_only=True)
class BlowOutParameters:
    """Parameters of BlowOut."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Top"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = 0.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at least 0, at
    most 1000. 0 means the one set with Set Flow Rates, or else the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class TouchTipParameters:
    """Parameters of TouchTip."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Top"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = -1.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    radius: Annotated[float, Field(alias="Radius", ge=0, le=1)] = 1.0
    """The distance from the center to which the tip moves, as a fraction of the radius of the well. At least 0, at
    most 1.
    """
    speed_mm_s: Annotated[float, Field(alias="Speed", ge=0, le=80)] = 0.0
    """The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 80. 0 means the default of the robot."""


@dataclass(frozen=True, kw_only=True)
class PrepareToAspirateParameters:
    """Parameters of PrepareToAspirate."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""


@dataclass(frozen=True, kw_only=True)
class ConfigureForVolumeParameters:
    """Parameters of ConfigureForVolume."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    volume_ul: Annotated[float, Field(alias="Volume", gt=0, le=1000)]
    """The volume. In µL, more than 0, at most 1000."""


@dataclass(frozen=True, kw_only=True)
class ConfigureNozzleLayoutParameters:
    """Parameters of ConfigureNozzleLayout."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    active_nozzles: Annotated[int, Field(alias="ActiveNozzles", ge=1, le=8)]
    """How many channels are used. Eight means all of them. At least 1, at most 8."""
    starting_from: Annotated[Literal["Back", "Front"], Field(alias="StartingFrom")] = "Back"
    """The end from which they are counted. The channel at this end moves to the well that a command names."""


@dataclass(frozen=True, kw_only=True)
class TransferParameters:
    """Parameters of Transfer."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    source_labware_identifier: Annotated[
        str,
        Field(
            alias="SourceLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to draw from, as Load Labware returned it."""
    source_wells: Annotated[
        list[Annotated[str, Field(pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]], Field(alias="SourceWells")
    ]
    """The wells to draw from, in this order. The list must not be empty."""
    target_labware_identifier: Annotated[
        str,
        Field(
            alias="TargetLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to dispense into, as Load Labware returned it."""
    target_wells: Annotated[
        list[Annotated[str, Field(pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]], Field(alias="TargetWells")
    ]
    """The wells to dispense into, in this order. The list must not be empty."""
    volumes_ul: Annotated[list[Annotated[float, Field(gt=0, le=100000)]], Field(alias="Volumes")]
    """The volumes, one for each pair of wells, or a single one for all of them. The list must not be empty. A volume
    larger than the pipette takes is divided into equal parts. Each in µL, more than 0, at most 100000.
    """
    tip_policy: Annotated[Literal["Once", "Always", "Never"], Field(alias="TipPolicy")] = "Once"
    """Once: one tip is used for everything. Always: a new tip is used each time that liquid is drawn. Never: the
    attached tip is used and stays attached.
    """
    mix_before: Annotated[int, Field(alias="MixBefore", ge=0, le=99)] = 0
    """How often to mix the source each time before drawing, with the volume that is drawn. Zero means not at all. At
    least 0, at most 99.
    """
    mix_after: Annotated[int, Field(alias="MixAfter", ge=0, le=99)] = 0
    """How often to mix the target each time after dispensing, with the volume that was dispensed. Zero means not at
    all. At least 0, at most 99.
    """
    air_gap_ul: Annotated[float, Field(alias="AirGap", ge=0, le=1000)] = 0.0
    """The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at most 1000."""
    blow_out: Annotated[Literal["Nowhere", "Source", "Target", "Trash"], Field(alias="BlowOut")] = "Nowhere"
    """Where to blow out each time after the tip was emptied."""
    touch_tip: Annotated[bool, Field(alias="TouchTip")] = False
    """True touches the walls of the well each time after drawing and dispensing."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the pipette per second.
    In µL/s, at least 0, at most 1000. 0 means those set with Set Flow Rates, or else the defaults of the pipette.
    """
    source_height_mm: Annotated[float, Field(alias="SourceHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the source wells at which to draw. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    target_height_mm: Annotated[float, Field(alias="TargetHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the target wells at which to dispense. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    liquid_class: Annotated[str, Field(alias="LiquidClass")] = ""
    """The liquid class, from the table of this server (setting session.liquid_classes): flow rates, delays, air gap,
    touching the well, and heights for the pipette and its tips. Values in other parameters take precedence. Empty
    means water, with the values of the other parameters.
    """


@dataclass(frozen=True, kw_only=True)
class DistributeParameters:
    """Parameters of Distribute."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    source_labware_identifier: Annotated[
        str,
        Field(
            alias="SourceLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to draw from, as Load Labware returned it."""
    source_well: Annotated[str, Field(alias="SourceWell", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well to draw from."""
    target_labware_identifier: Annotated[
        str,
        Field(
            alias="TargetLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to dispense into, as Load Labware returned it."""
    target_wells: Annotated[
        list[Annotated[str, Field(pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]], Field(alias="TargetWells")
    ]
    """The wells to dispense into, in this order. The list must not be empty."""
    volumes_ul: Annotated[list[Annotated[float, Field(gt=0, le=100000)]], Field(alias="Volumes")]
    """The volumes, one for each target well, or a single one for all of them. The list must not be empty. A volume
    larger than the pipette takes is divided into equal parts. Each in µL, more than 0, at most 100000.
    """
    tip_policy: Annotated[Literal["Once", "Always", "Never"], Field(alias="TipPolicy")] = "Once"
    """Once: one tip is used for everything. Always: a new tip is used each time that liquid is drawn. Never: the
    attached tip is used and stays attached.
    """
    mix_before: Annotated[int, Field(alias="MixBefore", ge=0, le=99)] = 0
    """How often to mix the source each time before drawing, with the volume that is drawn. Zero means not at all. At
    least 0, at most 99.
    """
    mix_after: Annotated[int, Field(alias="MixAfter", ge=0, le=99)] = 0
    """How often to mix the target each time after dispensing, with the volume that was dispensed. Zero means not at
    all. At least 0, at most 99.
    """
    air_gap_ul: Annotated[float, Field(alias="AirGap", ge=0, le=1000)] = 0.0
    """The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at most 1000."""
    blow_out: Annotated[Literal["Nowhere", "Source", "Target", "Trash"], Field(alias="BlowOut")] = "Nowhere"
    """Where to blow out each time after the tip was emptied."""
    touch_tip: Annotated[bool, Field(alias="TouchTip")] = False
    """True touches the walls of the well each time after drawing and dispensing."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the pipette per second.
    In µL/s, at least 0, at most 1000. 0 means those set with Set Flow Rates, or else the defaults of the pipette.
    """
    source_height_mm: Annotated[float, Field(alias="SourceHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the source wells at which to draw. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    target_height_mm: Annotated[float, Field(alias="TargetHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the target wells at which to dispense. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    disposal_volume_ul: Annotated[float, Field(alias="DisposalVolume", ge=0, le=1000)] = 0.0
    """The volume that is drawn each time in addition to what is dispensed, so that all targets get the same volume.
    Zero means none. In µL, at least 0, at most 1000.
    """
    liquid_class: Annotated[str, Field(alias="LiquidClass")] = ""
    """The liquid class, from the table of this server (setting session.liquid_classes): flow rates, delays, air gap,
    touching the well, and heights for the pipette and its tips. Values in other parameters take precedence. Empty
    means water, with the values of the other parameters.
    """


@dataclass(frozen=True, kw_only=True)
class ConsolidateParameters:
    """Parameters of Consolidate."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    source_labware_identifier: Annotated[
        str,
        Field(
            alias="SourceLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to draw from, as Load Labware returned it."""
    source_wells: Annotated[
        list[Annotated[str, Field(pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]], Field(alias="SourceWells")
    ]
    """The wells to draw from, in this order. The list must not be empty."""
    target_labware_identifier: Annotated[
        str,
        Field(
            alias="TargetLabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware to dispense into, as Load Labware returned it."""
    target_well: Annotated[str, Field(alias="TargetWell", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well to dispense into."""
    volumes_ul: Annotated[list[Annotated[float, Field(gt=0, le=100000)]], Field(alias="Volumes")]
    """The volumes, one for each source well, or a single one for all of them. The list must not be empty. A volume
    larger than the pipette takes is divided into equal parts. Each in µL, more than 0, at most 100000.
    """
    tip_policy: Annotated[Literal["Once", "Always", "Never"], Field(alias="TipPolicy")] = "Once"
    """Once: one tip is used for everything. Always: a new tip is used each time that liquid is drawn. Never: the
    attached tip is used and stays attached.
    """
    mix_before: Annotated[int, Field(alias="MixBefore", ge=0, le=99)] = 0
    """How often to mix the source each time before drawing, with the volume that is drawn. Zero means not at all. At
    least 0, at most 99.
    """
    mix_after: Annotated[int, Field(alias="MixAfter", ge=0, le=99)] = 0
    """How often to mix the target each time after dispensing, with the volume that was dispensed. Zero means not at
    all. At least 0, at most 99.
    """
    air_gap_ul: Annotated[float, Field(alias="AirGap", ge=0, le=1000)] = 0.0
    """The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at most 1000."""
    blow_out: Annotated[Literal["Nowhere", "Source", "Target", "Trash"], Field(alias="BlowOut")] = "Nowhere"
    """Where to blow out each time after the tip was emptied."""
    touch_tip: Annotated[bool, Field(alias="TouchTip")] = False
    """True touches the walls of the well each time after drawing and dispensing."""
    flow_rate_ul_s: Annotated[float, Field(alias="FlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the pipette per second.
    In µL/s, at least 0, at most 1000. 0 means those set with Set Flow Rates, or else the defaults of the pipette.
    """
    source_height_mm: Annotated[float, Field(alias="SourceHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the source wells at which to draw. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    target_height_mm: Annotated[float, Field(alias="TargetHeight", ge=0, le=100)] = 0.0
    """The height above the bottom of the target wells at which to dispense. In mm, at least 0, at most 100. 0 means 1
    millimeter.
    """
    liquid_class: Annotated[str, Field(alias="LiquidClass")] = ""
    """The liquid class, from the table of this server (setting session.liquid_classes): flow rates, delays, air gap,
    touching the well, and heights for the pipette and its tips. Values in other parameters take precedence. Empty
    means water, with the values of the other parameters.
    """


@dataclass(frozen=True, kw_only=True)
class ExecuteWorklistParameters:
    """Parameters of ExecuteWorklist."""

    worklist: Annotated[bytes, Field(alias="Worklist")]
    """The steps, in UTF-8: at most 2 megabytes and 10,000 steps."""
    format: Annotated[Literal["Json", "Csv"], Field(alias="Format")]
    """Json for a list of objects, Csv for a table whose first row names the columns. The member or column Command
    names the command; the others are its parameters. A parameter that is left out takes its default. Labware may be
    named by its slot. Csv without the column Command is read as a transfer list, one transfer a row, if the
    settings of this server name its columns.
    """
    mode: Annotated[Literal["Stepwise", "QueuedRun"], Field(alias="Mode")] = "Stepwise"
    """How the steps are executed."""
    request_key: Annotated[str, Field(alias="RequestKey")] = ""
    """A text, chosen by the client, that identifies this request, so that a client that has crashed can repeat the
    call without executing the worklist twice. It is for queued runs only, because the robot keeps these. A second
    call with the same key never starts another run: it follows the run of the first call to its end. A call with a
    used key and other arguments is refused. So is a repeated call if it is not known whether the first call created
    a run. A call that was refused before its run was created does not use the key. Empty means none.
    """


@dataclass(frozen=True, kw_only=True)
class MoveToWellParameters:
    """Parameters of MoveToWell."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    labware_identifier: Annotated[
        str,
        Field(
            alias="LabwareIdentifier",
            pattern=r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
        ),
    ]
    """The labware, as Load Labware returned it."""
    well: Annotated[str, Field(alias="Well", pattern=r"^(?:[A-Z]{1,2}[1-9][0-9]?)$")]
    """The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under the channel
    that Configure Nozzle Layout selected.
    """
    origin: Annotated[Literal["Top", "Bottom", "Center"], Field(alias="Origin")] = "Top"
    """The point of the well from which the offsets are measured: the center of its top, of its bottom, or of the well."""
    offset_x_mm: Annotated[float, Field(alias="OffsetX", ge=-400, le=400)] = 0.0
    """The distance to the right of the origin. In mm, at least -400, at most 400."""
    offset_y_mm: Annotated[float, Field(alias="OffsetY", ge=-400, le=400)] = 0.0
    """The distance behind the origin, toward the back of the robot. In mm, at least -400, at most 400."""
    offset_z_mm: Annotated[float, Field(alias="OffsetZ", ge=-400, le=400)] = 0.0
    """The height above the origin; negative values are below it. In mm, at least -400, at most 400."""
    speed_mm_s: Annotated[float, Field(alias="Speed", ge=0, le=600)] = 0.0
    """The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. 0 means the one set with Set
    Movement Speed, or else the default of the robot.
    """
    minimum_clearance_mm: Annotated[float, Field(alias="MinimumClearance", ge=0, le=200)] = 0.0
    """The lowest height above the deck at which the tip travels. In mm, at least 0, at most 200. 0 means that the
    robot chooses a safe one.
    """


@dataclass(frozen=True, kw_only=True)
class MoveToCoordinatesParameters:
    """Parameters of MoveToCoordinates."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    x_mm: Annotated[float, Field(alias="X", ge=-50, le=450)]
    """The distance to the right of the front left corner of slot 1. In mm, at least -50, at most 450."""
    y_mm: Annotated[float, Field(alias="Y", ge=-50, le=400)]
    """The distance behind that corner, toward the back of the robot. In mm, at least -50, at most 400."""
    z_mm: Annotated[float, Field(alias="Z", ge=0, le=220)]
    """The height above the deck. In mm, at least 0, at most 220."""
    speed_mm_s: Annotated[float, Field(alias="Speed", ge=0, le=600)] = 0.0
    """The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. 0 means the one set with Set
    Movement Speed, or else the default of the robot.
    """
    minimum_clearance_mm: Annotated[float, Field(alias="MinimumClearance", ge=0, le=200)] = 0.0
    """The lowest height above the deck at which the tip travels. In mm, at least 0, at most 200. 0 means that the
    robot chooses a safe one.
    """


@dataclass(frozen=True, kw_only=True)
class MoveRelativeParameters:
    """Parameters of MoveRelative."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    axis: Annotated[Literal["X", "Y", "Z"], Field(alias="Axis")]
    """The axis: X to the right, Y to the back, Z upward."""
    distance_mm: Annotated[float, Field(alias="Distance", ge=-400, le=400)]
    """The distance. Negative values move in the other direction. In mm, at least -400, at most 400."""


@dataclass(frozen=True, kw_only=True)
class SavePositionParameters:
    """Parameters of SavePosition."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""


@dataclass(frozen=True, kw_only=True)
class SetFlowRatesParameters:
    """Parameters of SetFlowRates."""

    mount: Annotated[Literal["left", "right"], Field(alias="Mount")]
    """The mount of the pipette."""
    aspirate_flow_rate_ul_s: Annotated[float, Field(alias="AspirateFlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of drawing; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s, at
    least 0, at most 1000. 0 means the default of the pipette.
    """
    dispense_flow_rate_ul_s: Annotated[float, Field(alias="DispenseFlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of pushing out; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s,
    at least 0, at most 1000. 0 means the default of the pipette.
    """
    blow_out_flow_rate_ul_s: Annotated[float, Field(alias="BlowOutFlowRate", ge=0, le=1000)] = 0.0
    """The flow rate of blowing out; if it is not 0, at least 1/600 of the volume of the pipette per second. In µL/s,
    at least 0, at most 1000. 0 means the default of the pipette.
    """


@dataclass(frozen=True, kw_only=True)
class SetMovementSpeedParameters:
    """Parameters of SetMovementSpeed."""

    speed_mm_s: Annotated[float, Field(alias="Speed", ge=0, le=600)] = 0.0
    """The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. 0 means the default of the robot."""


@dataclass(frozen=True, kw_only=True)
class DelayParameters:
    """Parameters of Delay."""

    duration_s: Annotated[float, Field(alias="Duration", ge=0, le=86400)]
    """How long to wait. In s, at least 0, at most 86400."""


@dataclass(frozen=True, kw_only=True)
class ExecuteRawCommandParameters:
    """Parameters of ExecuteRawCommand."""

    command: Annotated[bytes, Field(alias="Command")]
    """An object with the members commandType and params, at most 100 kilobytes."""


@dataclass(frozen=True, kw_only=True)
class ReconcileStateParameters:
    """Parameters of ReconcileState."""

    tip_states: Annotated[list[StatedTipState], Field(alias="TipStates")] = field(default_factory=list)
    """What is on the pipettes; for a mount that is not named, the state that the robot reports is used: it holds a tip
    if the session knows of one, and none otherwise.
    """
    confirm: Annotated[bool, Field(alias="Confirm")] = False
    """True confirms that a person has looked at the robot. With false the robot is queried, and the statement is not
    used.
    """


class AtomicLiquidHandlingBase(ABC):
    """Moves the robot step by step, one command at a time, without a protocol. The commands share a session, which is
    a separate run on the robot. Open Session opens it, or else the first command that needs it. Each command ends
    when its movement has ended. A single movement cannot be interrupted: after Cancel nothing further is sent, and
    the command ends as cancelled when the current movement has ended, usually within seconds. While another command
    of this server moves the robot, a command is refused as not accepted and the message names the other command;
    there is no queue. Everything that can be checked is checked before the robot moves; if a check fails, nothing
    moves.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1"

    PARAMETERS: ClassVar[Mapping[str, type]] = {
        "LoadLabware": LoadLabwareParameters,
        "DefineLabware": DefineLabwareParameters,
        "LoadPipette": LoadPipetteParameters,
        "Home": HomeParameters,
        "PickUpTip": PickUpTipParameters,
        "DropTip": DropTipParameters,
        "Aspirate": AspirateParameters,
        "Dispense": DispenseParameters,
        "LoadModule": LoadModuleParameters,
        "MoveLabware": MoveLabwareParameters,
        "RemoveLabware": RemoveLabwareParameters,
        "ReturnTip": ReturnTipParameters,
        "DiscardTipUntracked": DiscardTipUntrackedParameters,
        "AspirateInPlace": AspirateInPlaceParameters,
        "DispenseInPlace": DispenseInPlaceParameters,
        "BlowOutInPlace": BlowOutInPlaceParameters,
        "AirGap": AirGapParameters,
        "Mix": MixParameters,
        "BlowOut": BlowOutParameters,
        "TouchTip": TouchTipParameters,
        "PrepareToAspirate": PrepareToAspirateParameters,
        "ConfigureForVolume": ConfigureForVolumeParameters,
        "ConfigureNozzleLayout": ConfigureNozzleLayoutParameters,
        "Transfer": TransferParameters,
        "Distribute": DistributeParameters,
        "Consolidate": ConsolidateParameters,
        "ExecuteWorklist": ExecuteWorklistParameters,
        "MoveToWell": MoveToWellParameters,
        "MoveToCoordinates": MoveToCoordinatesParameters,
        "MoveRelative": MoveRelativeParameters,
        "SavePosition": SavePositionParameters,
        "SetFlowRates": SetFlowRatesParameters,
        "SetMovementSpeed": SetMovementSpeedParameters,
        "Delay": DelayParameters,
        "ExecuteRawCommand": ExecuteRawCommandParameters,
        "ReconcileState": ReconcileStateParameters,
    }
    """The class of each command's parameters: its method takes one object of it."""

    Session: ObservableProperty[list[SessionSummary]]
    """The session of this server. The list is empty if none is open and has one element otherwise."""

    LastCommand: ObservableProperty[list[CommandOutcome]]
    """The last command of this feature that was sent to the robot. The list is empty before the first one and has one
    element from then on.
    """

    PipetteStates: ObservableProperty[list[PipetteState]]
    """What is known about the pipettes of the session. If no session is open, only a pipette that may hold a tip of
    which the robot does not know is listed, with an empty identifier. The robot has no sensors for tips or liquid,
    so all values follow from the commands that were carried out.
    """

    LoadedLabware: ObservableProperty[list[LabwareState]]
    """The labware that is loaded in the session. The list is empty if no session is open."""

    LoadedModules: ObservableProperty[list[ModuleState]]
    """The modules that are loaded in the session. The list is empty if no session is open."""

    Position: ObservableProperty[list[ReportedPosition]]
    """The position that the robot reported with its last movement or with Save Position. The list is empty before the
    first report and after homing, and has one element otherwise.
    """

    @abstractmethod
    def OpenSession(self, *, execution: Any) -> str:
        """Opens a session: creates a run on the robot, loads the attached pipettes, and homes. If the current run has
        ended, the session replaces it. If a session is already open, the command returns it and does nothing else.
        After a session was lost or the robot restarted, labware has to be loaded again. The command takes from a
        few seconds to about a minute. If the command is cancelled before it is sent, nothing moves; if it is
        cancelled later, it ends as cancelled after its movement. A session whose opening was cancelled is not open.

        Errors: SafetyStopActive, RobotBusy, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def CloseSession(self, *, execution: Any) -> list[ActivePart]:
        """Closes the session, so that runs can start. Nothing moves, and labware stays where it is. While a pipette
        holds a tip, or may hold one, the command is refused: the robot forgets the tip when the session ends, and
        its next run would move too low. If no session is open or the session was lost, the command does nothing,
        and switches no module off. The command takes about a second. If it is cancelled before it is sent, the
        session stays open. Modules go on with what they do, unless the setting modules.switch_off_after says
        otherwise; Active Parts says what that is.

        Errors: TipAlreadyAttached, NotReconciled, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def LoadLabware(self, given: LoadLabwareParameters, *, execution: Any) -> LoadLabwareResponses:
        """Tells the robot that a piece of labware is at a location. Nothing moves, unless a session has to be opened
        first, which homes the robot. The command takes about a second. If it is cancelled before it is sent,
        nothing is loaded.

        Errors: LabwareDefinitionNotFound, LabwareDefinitionInvalid, SlotNotAvailable, LocationUnknown,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def DefineLabware(self, given: DefineLabwareParameters, *, execution: Any) -> str:
        """Gives the session a custom labware definition, so that Load Labware can load it. Nothing moves, unless a
        session has to be opened first. The command takes about a second. Sending the same definition again is
        allowed. If it is cancelled before it is sent, nothing is defined.

        Errors: LabwareDefinitionInvalid, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        DoorOpen, CommandFailed, MotionFailed, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def LoadPipette(self, given: LoadPipetteParameters, *, execution: Any) -> LoadPipetteResponses:
        """Tells the robot to use the pipette that is attached to a mount. Other commands do this automatically; use
        this command to check it in advance. Loading a pipette that is already loaded returns the same identifier.
        Nothing moves, unless a session has to be opened first, which homes the robot. The command takes about a
        second. If it is cancelled before it is sent, nothing is loaded.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Home(self, given: HomeParameters, *, execution: Any) -> CommandRecord:
        """Moves the axes to their reference positions. After a failed movement it brings the robot back to a known
        position. It takes up to about half a minute. If the command is cancelled before it is sent, nothing moves;
        if it is cancelled later, it ends as cancelled after its movement.

        Errors: SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def PickUpTip(self, given: PickUpTipParameters, *, execution: Any) -> PickUpTipResponses:
        """Picks up a tip, or a column of tips with an 8-channel pipette, from a tip rack. It takes a few seconds. The
        robot has no sensor for tips: success means that the movement was carried out. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Errors: PipetteMissing, TipAlreadyAttached, NoTipAvailable, LabwareNotLoaded, WellUnknown, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, PositionOutOfBounds, RobotFaulty, StorageFull
        """

    @abstractmethod
    def DropTip(self, given: DropTipParameters, *, execution: Any) -> CommandRecord:
        """Drops the attached tip, with any liquid in it, into the trash or into labware. It takes a few seconds. If
        the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled
        after its movement.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged,
        PositionOutOfBounds, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Aspirate(self, given: AspirateParameters, *, execution: Any) -> CommandRecord:
        """Moves to a well and draws liquid into the tip. If the tip is empty, the robot first prepares the plunger
        above the well. It takes a few seconds, plus the volume divided by the flow rate. If the command is
        cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its
        movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def Dispense(self, given: DispenseParameters, *, execution: Any) -> CommandRecord:
        """Moves to a well and pushes liquid out of the tip. It takes a few seconds, plus the volume divided by the
        flow rate. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends
        as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def LoadModule(self, given: LoadModuleParameters, *, execution: Any) -> LoadModuleResponses:
        """Tells the robot to use a module that is connected to it and is in a slot. Nothing moves, unless a session
        has to be opened first, which homes the robot. The command takes about a second. If it is cancelled before
        it is sent, nothing is loaded.

        Errors: ModuleMissing, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def MoveLabware(self, given: MoveLabwareParameters, *, execution: Any) -> CommandRecord:
        """Tells the robot that a person or another device has moved labware, or is about to move it while the robot
        does not move. The robot itself moves nothing and does not wait. The command takes about a second. If it is
        cancelled before it is sent, nothing changes.

        Errors: LabwareNotLoaded, LocationUnknown, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def RemoveLabware(self, given: RemoveLabwareParameters, *, execution: Any) -> CommandRecord:
        """Tells the robot that labware has been taken off the deck, so that its location is free. The labware stays
        loaded in the session and can be put back with Move Labware. The robot moves nothing. The command takes
        about a second. If it is cancelled before it is sent, nothing changes.

        Errors: LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ReturnTip(self, given: ReturnTipParameters, *, execution: Any) -> CommandRecord:
        """Puts the attached tip, with any liquid in it, back to the position in the rack that it was picked up from.
        From then on the tip counts as used. It takes a few seconds. If the command is cancelled before it is sent,
        nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def DiscardTipUntracked(self, given: DiscardTipUntrackedParameters, *, execution: Any) -> CommandRecord:
        """Ejects any tip on the pipette over the fixed trash, also a tip that the robot does not know of, for example
        after it restarted. For such a tip the robot homes first and travels as high as it can, because it does not
        know how far down the tip reaches. The command takes up to about half a minute. For a tip that the robot
        does not know of, it needs robot release 7.1 or later. If the command is cancelled before it is sent,
        nothing moves; if it is cancelled later, it ends as cancelled after the current movement.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def AspirateInPlace(self, given: AspirateInPlaceParameters, *, execution: Any) -> CommandRecord:
        """Draws liquid into the tip at its current position, without moving the gantry. If the tip is empty, call
        Prepare To Aspirate first, while the tip is above the liquid. It takes as many seconds as the volume divided
        by the flow rate. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it
        ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull,
        NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def DispenseInPlace(self, given: DispenseInPlaceParameters, *, execution: Any) -> CommandRecord:
        """Pushes liquid out of the tip at its current position, without moving the gantry. It takes as many seconds as
        the volume divided by the flow rate. If the command is cancelled before it is sent, nothing moves; if it is
        cancelled later, it ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def BlowOutInPlace(self, given: BlowOutInPlaceParameters, *, execution: Any) -> CommandRecord:
        """Pushes the plunger beyond its end at the current position, so that the last drops leave the tip. It takes
        about a second. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it
        ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def AirGap(self, given: AirGapParameters, *, execution: Any) -> CommandRecord:
        """Moves the tip to 5 millimeters above the well that it was last in, and draws air. It takes a few seconds.
        Cancel stops it between two movements; the error message states what was done before.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LocationUnknown,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Mix(self, given: MixParameters, *, execution: Any) -> CommandRecord:
        """Draws liquid and pushes it out again in one well, several times. It takes a few seconds for each repetition.
        Cancel stops it between two movements; the error message states what was done before.

        Errors: LiquidClassUnknown, PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange,
        LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid,
        TipContaminated
        """

    @abstractmethod
    def BlowOut(self, given: BlowOutParameters, *, execution: Any) -> CommandRecord:
        """Moves to a well and pushes the plunger beyond its end, so that the last drops leave the tip. It takes a few
        seconds. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as
        cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def TouchTip(self, given: TouchTipParameters, *, execution: Any) -> CommandRecord:
        """Touches the wall of a well with the tip on four sides, so that drops stay in the well. It takes a few
        seconds. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as
        cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def PrepareToAspirate(self, given: PrepareToAspirateParameters, *, execution: Any) -> CommandRecord:
        """Moves the plunger to the position where aspirating begins; call it while the tip is above the liquid. The
        tip has to be empty. It takes about a second. If the command is cancelled before it is sent, nothing moves;
        if it is cancelled later, it ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ConfigureForVolume(self, given: ConfigureForVolumeParameters, *, execution: Any) -> CommandRecord:
        """Tells the robot the largest volume that it will handle next. This matters for pipettes that have a mode for
        small volumes; for others it changes nothing. The tip has to be empty. It takes about a second and needs
        robot release 7.0 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ConfigureNozzleLayout(self, given: ConfigureNozzleLayoutParameters, *, execution: Any) -> CommandRecord:
        """Selects how many channels of an 8-channel pipette use tips from now on. No tip may be attached. Nothing
        moves, unless a session has to be opened first, which homes the robot. It takes about a second and needs
        robot release 7.1 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Errors: PipetteMissing, TipAlreadyAttached, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Transfer(self, given: TransferParameters, *, execution: Any) -> TransferResponses:
        """Transfers liquid from source wells to target wells, one pair after the other. A single source well is used
        for all targets, and a single target well for all sources. Everything is checked before anything moves. It
        takes a few seconds for each movement. The robot picks up tips from the loaded racks and drops them into the
        trash. Cancel stops it between two movements; the error message states what was done before, and a tip may
        still be attached.

        Intermediate response: StepProgress
        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def Distribute(self, given: DistributeParameters, *, execution: Any) -> DistributeResponses:
        """Distributes liquid from one well to many. Each time, it draws the liquid for as many target wells as the tip
        holds. The liquid that is left in the tip, the disposal volume, goes back to the source or to the place that
        Blow Out names. Everything is checked before anything moves. It takes a few seconds for each movement. The
        robot picks up tips from the loaded racks and drops them into the trash. Cancel stops it between two
        movements; the error message states what was done before, and a tip may still be attached.

        Intermediate response: StepProgress
        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def Consolidate(self, given: ConsolidateParameters, *, execution: Any) -> ConsolidateResponses:
        """Consolidates liquid from many wells into one. It draws from as many wells as the tip holds, then dispenses.
        Everything is checked before anything moves. It takes a few seconds for each movement. The robot picks up
        tips from the loaded racks and drops them into the trash. Cancel stops it between two movements; the error
        message states what was done before, and a tip may still be attached.

        Intermediate response: StepProgress
        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def ExecuteWorklist(self, given: ExecuteWorklistParameters, *, execution: Any) -> ExecuteWorklistResponses:
        """Executes a list of steps, each a command of this feature, or of the feature of a module, with its
        parameters. The whole list is checked before anything moves. In the mode Stepwise, the steps are sent one
        after the other in the session, and Cancel stops between two movements. In the mode QueuedRun, the robot
        gets all steps as one run and starts it. This run can be paused, resumed, and stopped like any run, and
        Cancel stops it. The robot homes before and after it and drops attached tips into the trash at its end; then
        the session is opened again. The command lasts as long as the steps take.

        Intermediate response: StepProgress
        Errors: ParameterInvalid, LiquidClassUnknown, WorklistInvalid, PipetteMissing, TipNotAttached,
        TipAlreadyAttached, NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid, LabwareNotLoaded,
        WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RunFailed, RunStopped, RobotChanged, RobotFaulty,
        StopTimedOut, StorageFull, ModuleMissing, ModuleNotLoaded, ModuleAmbiguous, TargetNotSet, TargetOutOfRange,
        TargetChanged, ModuleDisconnected, ModuleFailed, ModuleBusy, WaitTimedOut, TipContaminated
        """

    @abstractmethod
    def MoveToWell(self, given: MoveToWellParameters, *, execution: Any) -> CommandRecord:
        """Moves the tip, or the nozzle if there is none, to a point of a well. It takes a few seconds. If the command
        is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its
        movement.

        Errors: SpeedOutOfRange, PipetteMissing, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def MoveToCoordinates(self, given: MoveToCoordinatesParameters, *, execution: Any) -> CommandRecord:
        """Moves the tip, or the nozzle if there is none, to a point of the deck. It takes a few seconds and needs
        robot release 6.1 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def MoveRelative(self, given: MoveRelativeParameters, *, execution: Any) -> CommandRecord:
        """Moves the tip straight along one axis from its current position. The robot does not avoid obstacles. It
        takes about a second. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Errors: PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def SavePosition(self, given: SavePositionParameters, *, execution: Any) -> SavePositionResponses:
        """Reads from the robot the position of the tip, or of the nozzle if there is no tip. Nothing moves, unless a
        session has to be opened first, which homes the robot. It takes about a second. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def SetFlowRates(self, given: SetFlowRatesParameters, *, execution: Any) -> None:
        """Sets the flow rates of a pipette for commands that do not set them, until the session is closed. Nothing
        moves, unless a session has to be opened first, which homes the robot and takes up to a minute. If it is
        cancelled before that, nothing changes.

        Errors: SpeedOutOfRange, PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def SetMovementSpeed(self, given: SetMovementSpeedParameters, *, execution: Any) -> None:
        """Sets the speed of Move To Well and Move To Coordinates for calls that do not set it, until the session is
        closed. Nothing moves, unless a session has to be opened first, which homes the robot and takes up to a
        minute. If it is cancelled before that, nothing changes.

        Errors: SpeedOutOfRange, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def Delay(self, given: DelayParameters, *, execution: Any) -> None:
        """Waits; the robot does not move, and no other command can move it. It lasts as long as the duration. The wait
        is in this server, so Cancel ends it at once.

        Errors: CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ExecuteRawCommand(self, given: ExecuteRawCommandParameters, *, execution: Any) -> ExecuteRawCommandResponses:
        """Executes one command of the robot's HTTP interface, for functions that this feature does not offer. It is
        refused unless the configuration of this server allows it. It is also refused if it would make the robot
        wait for an operator or a temperature; waitForDuration is executed as Delay. The command is checked against
        the schema of the robot's commands and against the robot's release before it is sent; its effect on tips and
        liquid is taken from the robot's answer. It lasts as long as the robot takes. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Errors: SpeedOutOfRange, CommandNotAllowed, RawCommandInvalid, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull,
        NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def ReconcileState(self, given: ReconcileStateParameters, *, execution: Any) -> None:
        """Resolves what is unknown after a lost answer, a failed command, or a restart. The robot is queried first;
        what it cannot report is taken from the statement of the person who has looked at it. If the robot reports a
        tip that is not there, the session is closed, because nothing else makes the robot forget it. This is
        refused with NotReconciled while another pipette holds a tip, and while a hand-over of labware is pending:
        the robot halts its hardware when a session ends, and an arm may be inside. What is unknown of earlier
        commands is resolved all the same; end the hand-over, then repeat the command. If a pipette that is not
        named comes into doubt only while the robot is queried, this is refused with NotReconciled, too: look at it,
        then repeat the command. A tip that the robot does not know of has to be discarded with Discard Tip
        Untracked, or taken off by hand before it is stated that there is none. Nothing moves. The command takes a
        few seconds. After Cancel, what has not been resolved by then stays unknown.

        Errors: NotReconciled, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, RobotRestarted, SessionLost, StorageFull
        """
