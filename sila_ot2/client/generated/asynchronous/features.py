"""All features for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.generated.asynchronous.atomic_liquid_handling import AsyncAtomicLiquidHandling
from sila_ot2.client.generated.asynchronous.authentication_service import AsyncAuthenticationService
from sila_ot2.client.generated.asynchronous.authorization_provider_service import AsyncAuthorizationProviderService
from sila_ot2.client.generated.asynchronous.authorization_service import AsyncAuthorizationService
from sila_ot2.client.generated.asynchronous.cancel_controller import AsyncCancelController
from sila_ot2.client.generated.asynchronous.connection_configuration_service import AsyncConnectionConfigurationService
from sila_ot2.client.generated.asynchronous.device_lighting import AsyncDeviceLighting
from sila_ot2.client.generated.asynchronous.error_recovery_service import AsyncErrorRecoveryService
from sila_ot2.client.generated.asynchronous.labware_transfer_site_controller import AsyncLabwareTransferSiteController
from sila_ot2.client.generated.asynchronous.lock_controller import AsyncLockController
from sila_ot2.client.generated.asynchronous.ot2_calibration_provider import AsyncOT2CalibrationProvider
from sila_ot2.client.generated.asynchronous.ot2_camera_service import AsyncOT2CameraService
from sila_ot2.client.generated.asynchronous.ot2_deck_picture_provider import AsyncOT2DeckPictureProvider
from sila_ot2.client.generated.asynchronous.ot2_deck_service import AsyncOT2DeckService
from sila_ot2.client.generated.asynchronous.ot2_heater_shaker_controller import AsyncOT2HeaterShakerController
from sila_ot2.client.generated.asynchronous.ot2_information_provider import AsyncOT2InformationProvider
from sila_ot2.client.generated.asynchronous.ot2_initialization_controller import AsyncOT2InitializationController
from sila_ot2.client.generated.asynchronous.ot2_labware_definition_service import AsyncOT2LabwareDefinitionService
from sila_ot2.client.generated.asynchronous.ot2_labware_offset_service import AsyncOT2LabwareOffsetService
from sila_ot2.client.generated.asynchronous.ot2_log_service import AsyncOT2LogService
from sila_ot2.client.generated.asynchronous.ot2_magnetic_module_controller import AsyncOT2MagneticModuleController
from sila_ot2.client.generated.asynchronous.ot2_maintenance_controller import AsyncOT2MaintenanceController
from sila_ot2.client.generated.asynchronous.ot2_module_provider import AsyncOT2ModuleProvider
from sila_ot2.client.generated.asynchronous.ot2_pipette_provider import AsyncOT2PipetteProvider
from sila_ot2.client.generated.asynchronous.ot2_safety_stop_controller import AsyncOT2SafetyStopController
from sila_ot2.client.generated.asynchronous.ot2_status_provider import AsyncOT2StatusProvider
from sila_ot2.client.generated.asynchronous.ot2_temperature_module_controller import AsyncOT2TemperatureModuleController
from sila_ot2.client.generated.asynchronous.ot2_thermocycler_controller import AsyncOT2ThermocyclerController
from sila_ot2.client.generated.asynchronous.ot2_tip_tracking_service import AsyncOT2TipTrackingService
from sila_ot2.client.generated.asynchronous.ot2_workflow_service import AsyncOT2WorkflowService
from sila_ot2.client.generated.asynchronous.parameter_constraints_provider import AsyncParameterConstraintsProvider
from sila_ot2.client.generated.asynchronous.pause_controller import AsyncPauseController
from sila_ot2.client.generated.asynchronous.protocol_service import AsyncProtocolService
from sila_ot2.client.generated.asynchronous.run_controller import AsyncRunController
from sila_ot2.client.generated.asynchronous.sila_service import AsyncSiLAService
from sila_ot2.client.generated.asynchronous.simulation_controller import AsyncSimulationController


class AsyncFeatures:
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

    def __init__(self, link: AsyncLink) -> None:
        self.atomic_liquid_handling = AsyncAtomicLiquidHandling(link)
        self.device_lighting = AsyncDeviceLighting(link)
        self.calibration_provider = AsyncOT2CalibrationProvider(link)
        self.camera_service = AsyncOT2CameraService(link)
        self.deck_picture_provider = AsyncOT2DeckPictureProvider(link)
        self.deck_service = AsyncOT2DeckService(link)
        self.heater_shaker_controller = AsyncOT2HeaterShakerController(link)
        self.information_provider = AsyncOT2InformationProvider(link)
        self.initialization_controller = AsyncOT2InitializationController(link)
        self.labware_definition_service = AsyncOT2LabwareDefinitionService(link)
        self.labware_offset_service = AsyncOT2LabwareOffsetService(link)
        self.log_service = AsyncOT2LogService(link)
        self.magnetic_module_controller = AsyncOT2MagneticModuleController(link)
        self.maintenance_controller = AsyncOT2MaintenanceController(link)
        self.module_provider = AsyncOT2ModuleProvider(link)
        self.pipette_provider = AsyncOT2PipetteProvider(link)
        self.safety_stop_controller = AsyncOT2SafetyStopController(link)
        self.status_provider = AsyncOT2StatusProvider(link)
        self.temperature_module_controller = AsyncOT2TemperatureModuleController(link)
        self.thermocycler_controller = AsyncOT2ThermocyclerController(link)
        self.tip_tracking_service = AsyncOT2TipTrackingService(link)
        self.workflow_service = AsyncOT2WorkflowService(link)
        self.protocol_service = AsyncProtocolService(link)
        self.run_controller = AsyncRunController(link)
        self.authentication_service = AsyncAuthenticationService(link)
        self.authorization_provider_service = AsyncAuthorizationProviderService(link)
        self.authorization_service = AsyncAuthorizationService(link)
        self.cancel_controller = AsyncCancelController(link)
        self.connection_configuration_service = AsyncConnectionConfigurationService(link)
        self.error_recovery_service = AsyncErrorRecoveryService(link)
        self.labware_transfer_site_controller = AsyncLabwareTransferSiteController(link)
        self.lock_controller = AsyncLockController(link)
        self.parameter_constraints_provider = AsyncParameterConstraintsProvider(link)
        self.pause_controller = AsyncPauseController(link)
        self.simulation_controller = AsyncSimulationController(link)
        self.sila_service = AsyncSiLAService(link)
