"""The parts of a server that know of protocols, with a robot in memory."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.driver.protocols.analyses import Analyses
from sila_ot2.driver.protocols.data_files import DataFiles
from sila_ot2.driver.protocols.files import GivenFile, UploadLimits
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.tracking.steps.estimates import RunEstimates
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.labware_definitions import DefinitionStore
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.runs import RunArchive, RunStart
from tests.fakes.database import open_database
from tests.fakes.protocol_robot import ProtocolRobot

MAIN = GivenFile("transfer.py", b'metadata = {"apiLevel": "2.12", "protocolName": "Transfer"}\n\n\ndef run(p): ...\n')


class ProtocolParts:
    """The parts that know of protocols, with their robot."""

    def __init__(self, state: Path) -> None:
        self.engine = open_database(state)
        self.robot = ProtocolRobot()
        client = self.robot.client()
        client.health()
        library = ProtocolLibrary(self.engine, state)
        store = AnalysisStore(self.engine, library)
        self.archive = RunArchive(self.engine, state, keep=100)
        definitions = DefinitionLibrary(DefinitionStore(self.engine))
        limits = UploadLimits(1_000_000, 10)
        self.protocols = Protocols(client, library, store, self.archive, definitions, limits=limits)
        self.files = DataFiles(client, DataFileLibrary(self.engine, state), self.archive)
        self.analyses = Analyses(client, self.protocols, self.files, store, default_timeout_s=20)
        self.estimates = RunEstimates(client, self.analyses, self.archive)

    def upload(self, content: bytes = MAIN.content, **more: Any) -> str:
        return self.protocols.upload(GivenFile(MAIN.name, content), **more)[0].identifier

    def use(self, **more: Any) -> RunStart:
        """Begin a run that has not ended."""
        now = datetime.datetime.now(datetime.timezone.utc)
        start = RunStart(run_id="run", origin="ThisServer", purpose="protocol", created_at=now, **more)
        self.archive.begin(start)
        return start
