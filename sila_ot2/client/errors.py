"""All errors of the client: those of the connection, those of SiLA 2, and one class for each error of a feature.

The tree is in `sila_ot2.client.base_errors`.
"""

import sila_ot2.client.generated.errors as _defined
from sila_ot2.client.base_errors import (
    AnswerLost,
    BinaryTransferError,
    ClientCertificateNeeded,
    ClientError,
    CommandExecutionNotAccepted,
    ConnectionProblem,
    DefinedExecutionError,
    Encrypted,
    ExecutionLost,
    FrameworkError,
    LimitReached,
    NotASilaServer,
    NotEncrypted,
    NotOffered,
    ServerNotFound,
    ServerUnreachable,
    SilaError,
    UndefinedExecutionError,
    ValidationError,
    WrongCertificate,
)
from sila_ot2.client.generated.errors import *  # noqa: F403 (the errors of the features)

__all__ = [
    "AnswerLost",
    "BinaryTransferError",
    "ClientCertificateNeeded",
    "ClientError",
    "CommandExecutionNotAccepted",
    "ConnectionProblem",
    "DefinedExecutionError",
    "Encrypted",
    "ExecutionLost",
    "FrameworkError",
    "LimitReached",
    "NotASilaServer",
    "NotEncrypted",
    "NotOffered",
    "ServerNotFound",
    "ServerUnreachable",
    "SilaError",
    "UndefinedExecutionError",
    "ValidationError",
    "WrongCertificate",
]
__all__ += _defined.__all__
