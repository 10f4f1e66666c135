"""All features.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from typing import Any

from sila_ot2.client.calls import ObservableCommand
from sila_ot2.client.generated import (
    atomic_liquid_handling,
    device_lighting,
    labware_transfer_site_controller,
    ot2_camera_service,
    ot2_heater_shaker_controller,
    ot2_initialization_controller,
    ot2_log_service,
    ot2_maintenance_controller,
    ot2_safety_stop_controller,
    ot2_temperature_module_controller,
    ot2_thermocycler_controller,
    ot2_workflow_service,
    protocol_service,
    run_controller,
)
from sila_ot2.client.generated.atomic_liquid_handling import AtomicLiquidHandling
from sila_ot2.client.generated.authentication_service import AuthenticationService
from sila_ot2.client.generated.authorization_provider_service import AuthorizationProviderService
from sila_ot2.client.generated.authorization_service import AuthorizationService
from sila_ot2.client.generated.cancel_controller import CancelController
from sila_ot2.client.generated.connection_configuration_service import ConnectionConfigurationService
from sila_ot2.client.generated.device_lighting import DeviceLighting
from sila_ot2.client.generated.error_recovery_service import ErrorRecoveryService
from sila_ot2.client.generated.labware_transfer_site_controller import LabwareTransferSiteController
from sila_ot2.client.generated.lock_controller import LockController
from sila_ot2.client.generated.ot2_calibration_provider import OT2CalibrationProvider
from sila_ot2.client.generated.ot2_camera_service import OT2CameraService
from sila_ot2.client.generated.ot2_deck_picture_provider import OT2DeckPictureProvider
from sila_ot2.client.generated.ot2_deck_service import OT2DeckService
from sila_ot2.client.generated.ot2_heater_shaker_controller import OT2HeaterShakerController
from sila_ot2.client.generated.ot2_information_provider import OT2InformationProvider
from sila_ot2.client.generated.ot2_initialization_controller import OT2InitializationController
from sila_ot2.client.generated.ot2_labware_definition_service import OT2LabwareDefinitionService
from sila_ot2.client.generated.ot2_labware_offset_service import OT2LabwareOffsetService
from sila_ot2.client.generated.ot2_log_service import OT2LogService
from sila_ot2.client.generated.ot2_magnetic_module_controller import OT2MagneticModuleController
from sila_ot2.client.generated.ot2_maintenance_controller import OT2MaintenanceController
from sila_ot2.client.generated.ot2_module_provider import OT2ModuleProvider
from sila_ot2.client.generated.ot2_pipette_provider import OT2PipetteProvider
from sila_ot2.client.generated.ot2_safety_stop_controller import OT2SafetyStopController
from sila_ot2.client.generated.ot2_status_provider import OT2StatusProvider
from sila_ot2.client.generated.ot2_temperature_module_controller import OT2TemperatureModuleController
from sila_ot2.client.generated.ot2_thermocycler_controller import OT2ThermocyclerController
from sila_ot2.client.generated.ot2_tip_tracking_service import OT2TipTrackingService
from sila_ot2.client.generated.ot2_workflow_service import OT2WorkflowService
from sila_ot2.client.generated.parameter_constraints_provider import ParameterConstraintsProvider
from sila_ot2.client.generated.pause_controller import PauseController
from sila_ot2.client.generated.protocol_service import ProtocolService
from sila_ot2.client.generated.run_controller import RunController
from sila_ot2.client.generated.sila_service import SiLAService
from sila_ot2.client.generated.simulation_controller import SimulationController
from sila_ot2.client.link import Link


class Features:
    """The features of a server as attributes.

    Attributes:
        atomic_liquid_handling: Moves the robot step by step, one command at a time, without a protocol.
        device_lighting: Switches the rail lights of the robot, and blinks them so that a person can identify the
            robot.
        calibration_provider: Reports how the robot is calibrated.
        camera_service: Takes pictures and movies of the deck with the camera of the robot, and gives out the
            pictures that were taken of runs.
        deck_picture_provider: Shows the deck as this server knows it: as a picture and in words.
        deck_service: Keeps what stands where on the deck, how this is known, and since when.
        heater_shaker_controller: Heats and shakes with the heater-shaker modules of the robot, and opens and closes
            their labware latch.
        information_provider: Reports which robot this server drives and which software it runs.
        initialization_controller: Makes the robot ready at the beginning of a day, and brings it back to a known
            state after a fault.
        labware_definition_service: Keeps custom labware definitions on this server, because the robot forgets them.
        labware_offset_service: Keeps labware offsets, which correct where a piece of labware stands, by definition
            and location.
        log_service: Gives out the logs of the robot and of this server, and a bundle of everything that is needed
            to look for a fault.
        magnetic_module_controller: Raises and lowers the magnets of the magnetic modules of the robot.
        maintenance_controller: Takes care of the motors, the clock, and the settings of the robot, parks its
            gantry, and restarts it.
        module_provider: Reports which modules are attached to the robot, and what they have measured.
        pipette_provider: Reports which pipettes are attached to the robot.
        safety_stop_controller: Stops what the robot does, whoever started it, and keeps it stopped.
        status_provider: Reports the status of the robot, what it does, and what it needs.
        temperature_module_controller: Heats and cools the temperature modules of the robot.
        thermocycler_controller: Heats and cools the block and the lid of the thermocycler modules of the robot,
            opens and closes the lid, and runs temperature profiles.
        tip_tracking_service: Keeps track of the tips on the deck.
        workflow_service: Runs protocols with commands that take only texts and return only texts and numbers, for
            workflow tools that cannot send structures, files, or metadata.
        protocol_service: Receives protocols, keeps them, and has the robot analyze them.
        run_controller: Runs protocols on the robot and watches, pauses, resumes, and stops them.
        authentication_service: Gives access tokens to users who log in with name and password.
        authorization_provider_service: Reports to other servers and programs whether an access token of this server
            is valid.
        authorization_service: Defines the access token that calls must carry on a server that requires its clients
            to log in.
        cancel_controller: Ends commands before they have reached their goal.
        connection_configuration_service: Lets the server open connections to SiLA clients (server-initiated
            connections), for clients that cannot reach the server, such as those outside of the laboratory's
            network.
        error_recovery_service: Lists the errors that keep observable commands waiting and that a client can remedy,
            with the options for each: a run that waits for an open door or for somebody who does what its protocol
            asks, and a robot that cannot be reached.
        labware_transfer_site_controller: Hands labware over between the slots of the deck and a robot arm.
        lock_controller: Reserves the server for one client.
        parameter_constraints_provider: Reports which values the parameters of commands can have at present, where
            this depends on the robot: the mounts that have a pipette, the volumes that the pipettes and their tips
            take, the slots that are free, the labware that is loaded, the modules that are attached, the protocols
            that are stored.
        pause_controller: Interrupts observable commands and lets them go on later.
        simulation_controller: Switches this server between its robot and a simulated robot.
        sila_service: This Feature MUST be implemented by each SiLA Server.
    """

    def __init__(self, link: Link) -> None:
        self.atomic_liquid_handling = AtomicLiquidHandling(link)
        self.device_lighting = DeviceLighting(link)
        self.calibration_provider = OT2CalibrationProvider(link)
        self.camera_service = OT2CameraService(link)
        self.deck_picture_provider = OT2DeckPictureProvider(link)
        self.deck_service = OT2DeckService(link)
        self.heater_shaker_controller = OT2HeaterShakerController(link)
        self.information_provider = OT2InformationProvider(link)
        self.initialization_controller = OT2InitializationController(link)
        self.labware_definition_service = OT2LabwareDefinitionService(link)
        self.labware_offset_service = OT2LabwareOffsetService(link)
        self.log_service = OT2LogService(link)
        self.magnetic_module_controller = OT2MagneticModuleController(link)
        self.maintenance_controller = OT2MaintenanceController(link)
        self.module_provider = OT2ModuleProvider(link)
        self.pipette_provider = OT2PipetteProvider(link)
        self.safety_stop_controller = OT2SafetyStopController(link)
        self.status_provider = OT2StatusProvider(link)
        self.temperature_module_controller = OT2TemperatureModuleController(link)
        self.thermocycler_controller = OT2ThermocyclerController(link)
        self.tip_tracking_service = OT2TipTrackingService(link)
        self.workflow_service = OT2WorkflowService(link)
        self.protocol_service = ProtocolService(link)
        self.run_controller = RunController(link)
        self.authentication_service = AuthenticationService(link)
        self.authorization_provider_service = AuthorizationProviderService(link)
        self.authorization_service = AuthorizationService(link)
        self.cancel_controller = CancelController(link)
        self.connection_configuration_service = ConnectionConfigurationService(link)
        self.error_recovery_service = ErrorRecoveryService(link)
        self.labware_transfer_site_controller = LabwareTransferSiteController(link)
        self.lock_controller = LockController(link)
        self.parameter_constraints_provider = ParameterConstraintsProvider(link)
        self.pause_controller = PauseController(link)
        self.simulation_controller = SimulationController(link)
        self.sila_service = SiLAService(link)


OBSERVABLE_COMMANDS: dict[str, ObservableCommand[Any, Any]] = {
    command.identifier: command
    for command in (
        atomic_liquid_handling.OPEN_SESSION,
        atomic_liquid_handling.CLOSE_SESSION,
        atomic_liquid_handling.LOAD_LABWARE,
        atomic_liquid_handling.DEFINE_LABWARE,
        atomic_liquid_handling.LOAD_PIPETTE,
        atomic_liquid_handling.HOME,
        atomic_liquid_handling.PICK_UP_TIP,
        atomic_liquid_handling.DROP_TIP,
        atomic_liquid_handling.ASPIRATE,
        atomic_liquid_handling.DISPENSE,
        atomic_liquid_handling.LOAD_MODULE,
        atomic_liquid_handling.MOVE_LABWARE,
        atomic_liquid_handling.REMOVE_LABWARE,
        atomic_liquid_handling.RETURN_TIP,
        atomic_liquid_handling.DISCARD_TIP_UNTRACKED,
        atomic_liquid_handling.ASPIRATE_IN_PLACE,
        atomic_liquid_handling.DISPENSE_IN_PLACE,
        atomic_liquid_handling.BLOW_OUT_IN_PLACE,
        atomic_liquid_handling.AIR_GAP,
        atomic_liquid_handling.MIX,
        atomic_liquid_handling.BLOW_OUT,
        atomic_liquid_handling.TOUCH_TIP,
        atomic_liquid_handling.PREPARE_TO_ASPIRATE,
        atomic_liquid_handling.CONFIGURE_FOR_VOLUME,
        atomic_liquid_handling.CONFIGURE_NOZZLE_LAYOUT,
        atomic_liquid_handling.TRANSFER,
        atomic_liquid_handling.DISTRIBUTE,
        atomic_liquid_handling.CONSOLIDATE,
        atomic_liquid_handling.EXECUTE_WORKLIST,
        atomic_liquid_handling.MOVE_TO_WELL,
        atomic_liquid_handling.MOVE_TO_COORDINATES,
        atomic_liquid_handling.MOVE_RELATIVE,
        atomic_liquid_handling.SAVE_POSITION,
        atomic_liquid_handling.SET_FLOW_RATES,
        atomic_liquid_handling.SET_MOVEMENT_SPEED,
        atomic_liquid_handling.DELAY,
        atomic_liquid_handling.EXECUTE_RAW_COMMAND,
        atomic_liquid_handling.RECONCILE_STATE,
        device_lighting.BLINK_FOR_IDENTIFICATION,
        ot2_camera_service.TAKE_PICTURE,
        ot2_camera_service.CAPTURE_MOVIE,
        ot2_heater_shaker_controller.WAIT_FOR_HEATER_TEMPERATURE,
        ot2_heater_shaker_controller.SET_SHAKE_SPEED,
        ot2_heater_shaker_controller.OPEN_LATCH,
        ot2_heater_shaker_controller.CLOSE_LATCH,
        ot2_initialization_controller.INITIALIZE,
        ot2_initialization_controller.RESET,
        ot2_log_service.RETRIEVE_ROBOT_LOG,
        ot2_log_service.RETRIEVE_SERVER_LOG,
        ot2_log_service.CREATE_DIAGNOSTICS_BUNDLE,
        ot2_maintenance_controller.DISENGAGE_MOTORS,
        ot2_maintenance_controller.PARK_GANTRY,
        ot2_maintenance_controller.RESTART_ROBOT,
        ot2_safety_stop_controller.STOP_NOW,
        ot2_temperature_module_controller.WAIT_FOR_TEMPERATURE,
        ot2_thermocycler_controller.WAIT_FOR_BLOCK_TEMPERATURE,
        ot2_thermocycler_controller.WAIT_FOR_LID_TEMPERATURE,
        ot2_thermocycler_controller.OPEN_LID,
        ot2_thermocycler_controller.CLOSE_LID,
        ot2_thermocycler_controller.RUN_PROFILE,
        ot2_thermocycler_controller.RUN_EXTENDED_PROFILE,
        ot2_workflow_service.UPLOAD_PROTOCOL_TEXT,
        ot2_workflow_service.RUN_PROTOCOL_TEXT,
        ot2_workflow_service.RUN_STORED_PROTOCOL,
        ot2_workflow_service.EXECUTE_WORKLIST_TEXT,
        protocol_service.UPLOAD_PROTOCOL,
        protocol_service.ANALYZE_PROTOCOL,
        run_controller.RUN_PROTOCOL,
        run_controller.RUN_UPLOADED_FILE,
        run_controller.CREATE_RUN,
        run_controller.START_RUN,
        run_controller.ATTACH_TO_RUN,
        run_controller.STOP_RUN,
        run_controller.RELEASE_RUN,
        run_controller.RETRIEVE_RUN_LOG,
        run_controller.RETRIEVE_RUN_PACKAGE,
        run_controller.RETRIEVE_RUN_FILE,
        labware_transfer_site_controller.PREPARE_FOR_INPUT,
        labware_transfer_site_controller.PREPARE_FOR_OUTPUT,
        labware_transfer_site_controller.LABWARE_DELIVERED,
        labware_transfer_site_controller.LABWARE_REMOVED,
    )
}
"""The observable commands by their fully qualified identifier."""
