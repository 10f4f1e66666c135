"""The ways that messages are sent: a webhook, and mail."""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx

from sila_ot2.alerts.delivery import Message, Undelivered

TIMEOUT_S = 15.0
SIGNATURE = "X-SilaOT2-Signature"
"""Header with the HMAC-SHA-256 of the body, as `sha256=` and hexadecimal digits."""
_TRY_AGAIN = (408, 425, 429)


class Webhook:
    """Posts each message as JSON; the receiver may get one twice, with the same `id`.

    Args:
        url: where to; may have secrets.
        secret: signs the messages; empty for none.
    """

    def __init__(self, url: str, secret: str) -> None:
        self.name = f"webhook at {urlsplit(url).hostname}"
        self._url = url
        self._secret = secret

    def send(self, message: Message) -> None:
        """Post a message.

        Raises:
            Undelivered: the receiver did not answer that it has it.
        """
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers[SIGNATURE] = f"sha256={hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()}"
        try:
            with httpx.stream("POST", self._url, content=body, headers=headers, timeout=TIMEOUT_S) as answer:
                status = answer.status_code  # what else it says is not read
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Undelivered(type(error).__name__, is_final=isinstance(error, httpx.InvalidURL)) from error
        if status >= 300:
            raise Undelivered(f"it answers {status}", is_final=status < 500 and status not in _TRY_AGAIN)


class Mail:
    """Sends each message as a mail.

    Args:
        server: host and port of the mail server.
        encryption: starttls, tls or none.
        login: user and password; None for none.
        sender: of the mails.
        recipients: of the mails.
        context: what the server's certificate is checked with; None for the authorities of this computer.
    """

    def __init__(
        self,
        server: tuple[str, int],
        encryption: str,
        login: tuple[str, str] | None,
        sender: str,
        recipients: Sequence[str],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.name = f"mail server {server[0]}"
        self._server = server
        self._encryption = encryption
        self._login = login
        self._sender = sender
        self._recipients = recipients
        self._context = context

    def send(self, message: Message) -> None:
        """Send a mail.

        Raises:
            Undelivered: the mail server did not take it.
        """
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, ", ".join(self._recipients)
        mail["Subject"] = f"{message['server']}: {message['event'].replace('_', ' ')}"
        mail.set_content("\n".join(f"{name}: {value}" for name, value in message.items() if value))
        try:
            with self._connected() as server:
                if self._login is not None:
                    server.login(*self._login)
                server.send_message(mail)
        except smtplib.SMTPResponseException as refused:
            raise Undelivered(f"it answers {refused.smtp_code}", is_final=refused.smtp_code >= 500) from refused
        except smtplib.SMTPNotSupportedError as error:
            text = "it does not offer what alerts.mail_encryption and alerts.mail_user ask for"
            raise Undelivered(text, is_final=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__, is_final=False) from error

    def _connected(self) -> smtplib.SMTP:
        host, port = self._server
        context = self._context or ssl.create_default_context()
        if self._encryption == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        if self._encryption == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server
