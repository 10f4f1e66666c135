"""What the robot found in protocols: which analyses there were, and for which parameters."""

from __future__ import annotations

import datetime
import gzip
import zlib
from dataclasses import dataclass

from sqlalchemy import Column, Engine, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.times import UtcTime
from sila_ot2.times import utc_now

KEPT = 5
"""Analyses kept of each protocol; as many as the robot keeps (release 8.1)."""


@dataclass(frozen=True)
class KeptAnalysis:
    """One analysis; its document lies in the library."""

    analysis_id: str
    protocol_identifier: str
    parameters_key: str
    """Names the parameter values and files it was made with."""
    result: str
    """ok, not-ok or parameter-value-required."""
    analyzed_at: datetime.datetime


_analyses = Table(
    "analyses",
    METADATA,
    Column("analysis_id", String, primary_key=True),
    Column("protocol_identifier", String, nullable=False, index=True),
    Column("parameters_key", String, nullable=False),
    Column("result", String, nullable=False),
    Column("analyzed_at", UtcTime, nullable=False),
)


class AnalysisStore:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine, library: ProtocolLibrary) -> None:
        self._engine = engine
        self._library = library

    def keep(
        self, analysis_id: str, protocol_identifier: str, parameters_key: str, result: str, document: bytes
    ) -> KeptAnalysis:
        """Keep an analysis with its document; of each protocol the newest few are kept.

        If it is the newest already, its time stays: runs since then were made with it.
        """
        last = self.newest(protocol_identifier)
        at = last.analyzed_at if last is not None and last.analysis_id == analysis_id else utc_now()
        kept = KeptAnalysis(analysis_id, protocol_identifier, parameters_key, result, at)
        compressed = gzip.compress(document, compresslevel=1)
        self._library.keep_document(protocol_identifier, f"{_file_name(analysis_id)}.gz", compressed, keep=KEPT)
        statement = insert(_analyses).values(**vars(kept))
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["analysis_id"], set_=vars(kept)))
            newest = (
                select(_analyses.c.analysis_id)
                .where(_analyses.c.protocol_identifier == protocol_identifier)
                .order_by(_analyses.c.analyzed_at.desc())
            )
            old = [row.analysis_id for row in connection.execute(newest.offset(KEPT))]
            connection.execute(delete(_analyses).where(_analyses.c.analysis_id.in_(old)))
        self._library.note_result(protocol_identifier, result)
        return kept

    def newest(
        self,
        protocol_identifier: str,
        parameters_key: str | None = None,
        *,
        before: datetime.datetime | None = None,
    ) -> KeptAnalysis | None:
        """Return the newest analysis of a protocol.

        Args:
            protocol_identifier: the protocol.
            parameters_key: of those with these parameters; None: with any.
            before: of those before this moment, if there is one.
        """
        query = select(_analyses).where(_analyses.c.protocol_identifier == protocol_identifier)
        if parameters_key is not None:
            query = query.where(_analyses.c.parameters_key == parameters_key)
        if before is not None:
            query = query.order_by(_analyses.c.analyzed_at >= before)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(_analyses.c.analyzed_at.desc()).limit(1)).mappings().first()
        return KeptAnalysis(**row) if row else None

    def document(self, protocol_identifier: str, analysis_id: str) -> bytes | None:
        """Return the robot's document of an analysis, None if it is not kept."""
        compressed = self._library.document(protocol_identifier, f"{_file_name(analysis_id)}.gz")
        try:
            return None if compressed is None else gzip.decompress(compressed)
        except (OSError, EOFError, zlib.error):  # cut off by a power cut: the robot can make it again
            return None

    def forget(self, protocol_identifier: str) -> None:
        """Forget the analyses of a protocol that is deleted."""
        with self._engine.begin() as connection:
            connection.execute(delete(_analyses).where(_analyses.c.protocol_identifier == protocol_identifier))


def _file_name(analysis_id: str) -> str:
    return "".join(letter for letter in analysis_id if letter.isalnum() or letter == "-") or "analysis"
