"""Everything that is kept of one robot, in its folder of the state directory."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.central_copies import CentralCopies
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.database import open_database
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import HandoverStore
from sila_ot2.store.journal import Journal
from sila_ot2.store.labware_definitions import DefinitionStore
from sila_ot2.store.last_steps import LastStepsStore
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.robot_serial import RobotSerialStore
from sila_ot2.store.runs import RunArchive
from sila_ot2.store.safety_stop import SafetyStopStore
from sila_ot2.store.simulation_mode import SimulationModeStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.store.uncertain_tips import UncertainTipStore


class Stores:
    """One per robot: the stores of one database, opened once."""

    def __init__(self, directory: Path, *, archive_length: int) -> None:
        """Open the database of a robot; made or brought up to date first.

        Args:
            directory: the robot's folder.
            archive_length: how many ended runs are kept.
        """
        self.engine = engine = open_database(directory)
        self.journal = Journal(engine)
        self.safety_stop = SafetyStopStore(engine)
        self.simulation_mode = SimulationModeStore(engine)
        self.handovers = HandoverStore(engine)
        self.robot_serial = RobotSerialStore(engine)
        self.protocols = ProtocolLibrary(engine, directory)
        self.analyses = AnalysisStore(engine, self.protocols)
        self.runs = RunArchive(engine, directory, keep=archive_length)
        self.central_copies = CentralCopies(engine)
        self.definitions = DefinitionStore(engine)
        self.data_file_library = DataFileLibrary(engine, directory)
        self.offsets = OffsetStore(engine)
        self.tip_racks = TipRackStore(engine)
        self.deck_slots = DeckSlotStore(engine)
        self.last_steps = LastStepsStore(engine)
        self.uncertain_tips = UncertainTipStore(engine)
