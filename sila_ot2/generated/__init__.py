"""The features as Python types, one module each, and the definitions themselves.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")

DEFINITIONS = {
    "AtomicLiquidHandling": "AtomicLiquidHandling-v1_0.sila.xml",
    "DeviceLighting": "DeviceLighting-v1_0.sila.xml",
    "OT2CalibrationProvider": "OT2CalibrationProvider-v1_0.sila.xml",
    "OT2CameraService": "OT2CameraService-v1_0.sila.xml",
    "OT2DeckPictureProvider": "OT2DeckPictureProvider-v1_0.sila.xml",
    "OT2DeckService": "OT2DeckService-v1_0.sila.xml",
    "OT2HeaterShakerController": "OT2HeaterShakerController-v1_0.sila.xml",
    "OT2InformationProvider": "OT2InformationProvider-v1_0.sila.xml",
    "OT2InitializationController": "OT2InitializationController-v1_0.sila.xml",
    "OT2LabwareDefinitionService": "OT2LabwareDefinitionService-v1_0.sila.xml",
    "OT2LabwareOffsetService": "OT2LabwareOffsetService-v1_0.sila.xml",
    "OT2LogService": "OT2LogService-v1_0.sila.xml",
    "OT2MagneticModuleController": "OT2MagneticModuleController-v1_0.sila.xml",
    "OT2MaintenanceController": "OT2MaintenanceController-v1_0.sila.xml",
    "OT2ModuleProvider": "OT2ModuleProvider-v1_0.sila.xml",
    "OT2PipetteProvider": "OT2PipetteProvider-v1_0.sila.xml",
    "OT2SafetyStopController": "OT2SafetyStopController-v1_0.sila.xml",
    "OT2StatusProvider": "OT2StatusProvider-v1_0.sila.xml",
    "OT2TemperatureModuleController": "OT2TemperatureModuleController-v1_0.sila.xml",
    "OT2ThermocyclerController": "OT2ThermocyclerController-v1_0.sila.xml",
    "OT2TipTrackingService": "OT2TipTrackingService-v1_0.sila.xml",
    "OT2WorkflowService": "OT2WorkflowService-v1_0.sila.xml",
    "ProtocolService": "ProtocolService-v1_0.sila.xml",
    "RunController": "RunController-v1_0.sila.xml",
    "AuthenticationService": "AuthenticationService-v1_0.sila.xml",
    "AuthorizationProviderService": "AuthorizationProviderService-v1_0.sila.xml",
    "AuthorizationService": "AuthorizationService-v1_0.sila.xml",
    "CancelController": "CancelController-v1_0.sila.xml",
    "ConnectionConfigurationService": "ConnectionConfigurationService-v1_1.sila.xml",
    "ErrorRecoveryService": "ErrorRecoveryService-v2_0.sila.xml",
    "LabwareTransferSiteController": "LabwareTransferSiteController-v1_0.sila.xml",
    "LockController": "LockController-v1_0.sila.xml",
    "ParameterConstraintsProvider": "ParameterConstraintsProvider-v1_0.sila.xml",
    "PauseController": "PauseController-v1_0.sila.xml",
    "SimulationController": "SimulationController-v1_0.sila.xml",
}
"""File name of each feature's definition, by the identifier of the feature."""
DESCRIPTORS = Path(__file__).parent / "descriptors"
"""The compiled definitions."""


class ObservableProperty(Protocol[T]):
    """What an implementation holds for each observable property: its present value, sent to subscribers on change."""

    @property
    def value(self) -> T:
        """The present value."""
        ...

    def set(self, value: T) -> None:
        """Give the property a new value."""
        ...


@cache
def definition(identifier: str) -> str:
    """Return the definition (XML) of the feature with this identifier, for example "DeviceLighting"."""
    return (files(__name__) / "definitions" / DEFINITIONS[identifier]).read_text("utf-8")
