"""A run as a client asks for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.store.runs import KeptOffset


@dataclass(frozen=True)
class RunSpecification:
    """A run as a client asks for it."""

    protocol_identifier: str
    parameters: Parameters = field(default_factory=Parameters)
    offsets: tuple[KeptOffset, ...] = ()
    use_stored_offsets: bool = False
    label: str = ""
    request_key: str = ""
    """The client's name for this request; a repetition follows the run of the first. Empty: none."""

    @property
    def digest(self) -> str:
        """A hash of the arguments, without the key."""
        arguments = asdict(replace(self, protocol_identifier=self.protocol_identifier.lower(), request_key=""))
        offsets = [offset.model_dump() for offset in self.offsets]
        text = json.dumps(arguments | {"offsets": offsets}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
