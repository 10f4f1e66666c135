"""The errors of the client that do not depend on features.

ClientError
├── ConnectionProblem
│   ├── ServerNotFound       discovery did not find it
│   ├── ServerUnreachable    nobody answers there; nothing was sent
│   ├── NotEncrypted         a server without encryption answers there
│   ├── Encrypted            a server with encryption answers there, and `insecure` was asked for
│   ├── WrongCertificate     another server than the trusted one answers there
│   ├── ClientCertificateNeeded  the server accepts clients with certificates only
│   ├── NotASilaServer       what answers there does not speak SiLA 2
│   ├── AnswerLost           a request was sent and its answer did not come: it may have been carried out
│   └── ExecutionLost        the server does not know the execution any more
├── NotOffered               the server does not have the feature or command
├── LimitReached             a limit of the server, such as that of subscriptions; the text names it
└── SilaError
    ├── ValidationError      a parameter is invalid; nothing was done
    ├── FrameworkError
    │   └── CommandExecutionNotAccepted    not now, usually because the robot is busy; nothing was done
    ├── DefinedExecutionError    the feature's own errors, one class each
    ├── UndefinedExecutionError  an error that no feature declares
    └── BinaryTransferError      a large binary could not be sent or fetched
"""

from __future__ import annotations


class ClientError(Exception):
    """The base of all errors of this package."""


class ConnectionProblem(ClientError):
    """There is no connection to the server, or it broke."""


class ServerNotFound(ConnectionProblem):
    """No server of this name or UUID was found on the network."""


class ServerUnreachable(ConnectionProblem):
    """Nobody answers at the server's address. The request was not sent."""


class NotEncrypted(ConnectionProblem):
    """The server that answers does not encrypt."""


class Encrypted(ConnectionProblem):
    """The server that answers encrypts, and the client was given `insecure`."""


class ClientCertificateNeeded(ConnectionProblem):
    """The server asks for a certificate of the client, and was shown none that it accepts."""


class WrongCertificate(ConnectionProblem):
    """The server that answers does not have the trusted certificate."""


class NotASilaServer(ConnectionProblem):
    """What answers is not a SiLA 2 server."""


class AnswerLost(ConnectionProblem):
    """The connection broke while a request was under way, or its answer is too large for this client.

    It may have been carried out. It is not sent again.
    """


class ExecutionLost(ConnectionProblem):
    """The server does not know the execution any more: its result's lifetime is over, or the server was restarted."""


class NotOffered(ClientError):
    """The server does not have this feature, command or property."""


class LimitReached(ClientError):
    """A limit of the server or of the connection was reached, such as that of subscriptions. The text names it."""


class SilaError(ClientError):
    """An error that the server reported.

    Attributes:
        message: the server's text.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ValidationError(SilaError):
    """A parameter is invalid. Nothing was done.

    Attributes:
        parameter: the fully qualified identifier of the parameter.
    """

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter

    def __str__(self) -> str:
        return f"{self.parameter.rsplit('/', 1)[-1]}: {self.message}"


class FrameworkError(SilaError):
    """The call itself is not possible. Nothing was done.

    Attributes:
        kind: SiLA's name of the error, for example "INVALID_METADATA".
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class CommandExecutionNotAccepted(FrameworkError):
    """The server does not accept the command now, usually because the robot is busy. Nothing was done."""


class DefinedExecutionError(SilaError):
    """An error that the feature declares. Each of them is a class of its own.

    Attributes:
        identifier: the fully qualified identifier of the error.
    """

    def __init__(self, message: str, identifier: str) -> None:
        super().__init__(message)
        self.identifier = identifier


class UndefinedExecutionError(SilaError):
    """An error that no feature declares."""


class BinaryTransferError(SilaError):
    """A large binary could not be sent or fetched."""
