"""A webhook and a mail server, real ones on this computer: what they get, and what their refusals become."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from sila_ot2.alerts.alerts import Alerts
from sila_ot2.alerts.channels import SIGNATURE, Mail, Webhook
from sila_ot2.alerts.delivery import Undelivered
from sila_ot2.alerts.events import Alert
from sila_ot2.config import load
from sila_ot2.config.alert_settings import AlertSettings
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.sila.identity import make_certificate
from sila_ot2.times import utc_now
from tests.unit.alerts.test_events import REACHED, SILENT
from tests.waiting import wait_for

CANARY = "canary-7f3a"
MESSAGE = {"id": "1", "event": "run_failed", "text": "Run r failed. Größe", "run": "r", "server": "Left", "at": "now"}


class Receiver:
    """A webhook's server; answers with `status`."""

    def __init__(self) -> None:
        receiver = self
        self.status = 204
        self.got: list[tuple[str, dict[str, str], bytes]] = []

        class AlertHandler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), AlertHandler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/{CANARY}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    thread.join()


def test_a_webhook_gets_the_message_signed(receiver: Receiver) -> None:
    Webhook(receiver.url, CANARY).send(MESSAGE)
    ((path, headers, body),) = receiver.got
    assert path == f"/hooks/{CANARY}"
    assert json.loads(body) == MESSAGE
    assert headers[SIGNATURE] == "sha256=" + hmac.new(CANARY.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("status", "is_final"), [(500, False), (503, False), (429, False), (404, True), (301, True)])
def test_a_webhook_that_does_not_answer_with_success(receiver: Receiver, status: int, is_final: bool) -> None:
    receiver.status = status
    with pytest.raises(Undelivered, match=str(status)) as undelivered:
        Webhook(receiver.url, "").send(MESSAGE)
    assert undelivered.value.is_final is is_final
    assert len(receiver.got) == 1
    assert SIGNATURE not in receiver.got[0][1]


def test_an_unreachable_webhook_is_tried_again_and_its_url_is_not_shown() -> None:
    with pytest.raises(Undelivered) as undelivered:
        Webhook(f"http://127.0.0.1:9/{CANARY}", "").send(MESSAGE)
    assert not undelivered.value.is_final
    assert CANARY not in str(undelivered.value)


class Mailbox:
    def __init__(self) -> None:
        self.answer = "250 taken"
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(envelope)
        return self.answer


class AnyPort(Controller):  # type: ignore[misc]
    """A mail server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post_office() -> Iterator[Callable[..., Controller]]:
    controllers: list[Controller] = []

    def open_office(mailbox: Mailbox, **options: Any) -> Controller:
        controller = AnyPort(mailbox, hostname="127.0.0.1", port=0, **options)
        controller.start()
        controllers.append(controller)
        return controller

    yield open_office
    for controller in controllers:
        controller.stop()


def mail(controller: Controller, encryption: str = "none", **more: Any) -> Mail:
    return Mail(
        ("127.0.0.1", controller.port),
        encryption,
        more.get("login"),
        "ot2@lab",
        ["ana@lab", "bo@lab"],
        more.get("context"),
    )


def test_a_mail_server_gets_the_message(post_office: Callable[..., Controller]) -> None:
    mailbox = Mailbox()
    mail(post_office(mailbox)).send(MESSAGE)
    (got,) = mailbox.mails
    assert (got.mail_from, got.rcpt_tos) == ("ot2@lab", ["ana@lab", "bo@lab"])
    assert b"Subject: Left: run failed" in got.content


@pytest.mark.parametrize(("answer", "is_final"), [("451 try later", False), ("554 no", True)])
def test_a_refusal_of_a_mail_server(post_office: Callable[..., Controller], answer: str, is_final: bool) -> None:
    mailbox = Mailbox()
    mailbox.answer = answer
    with pytest.raises(Undelivered, match=answer[:3]) as undelivered:
        mail(post_office(mailbox)).send(MESSAGE)
    assert undelivered.value.is_final is is_final


def test_a_mail_server_without_the_required_encryption_is_an_error_that_names_the_setting(
    post_office: Callable[..., Controller],
) -> None:
    with pytest.raises(Undelivered, match=r"alerts\.mail_encryption"):
        mail(post_office(Mailbox()), "starttls").send(MESSAGE)


def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(Undelivered) as undelivered:
        Mail(("127.0.0.1", 9), "starttls", None, "ot2@lab", ["ana@lab"]).send(MESSAGE)
    assert not undelivered.value.is_final


def test_the_password_is_sent_encrypted_to_a_server_that_is_trusted(
    post_office: Callable[..., Controller], tmp_path: Path
) -> None:
    key, certificate = make_certificate(uuid4(), ["127.0.0.1"], utc_now())
    (tmp_path / "server.pem").write_bytes(key + certificate)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(tmp_path / "server.pem")
    logins: list[tuple[bytes, bytes]] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        logins.append((data.login, data.password))
        return AuthResult(success=True)

    mailbox = Mailbox()
    controller = post_office(mailbox, tls_context=server_side, require_starttls=True, authenticator=authenticate)
    trusting = ssl.create_default_context(cadata=certificate.decode())
    mail(controller, "starttls", login=("ot2", CANARY), context=trusting).send(MESSAGE)
    assert logins == [(b"ot2", CANARY.encode())]
    assert len(mailbox.mails) == 1
    with pytest.raises(Undelivered):  # nobody on this computer has signed the certificate
        mail(controller, "starttls", login=("ot2", CANARY)).send(MESSAGE)
    assert len(logins) == 1


def test_an_event_reaches_the_webhook_and_secrets_reach_no_log(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sila_ot2")
    settings = AlertSettings.model_validate({"webhook": receiver.url, "webhook_secret": CANARY})
    state: Observable[RobotState] = Observable(REACHED)
    alerts = Alerts(settings, state, lambda: "Left")
    alerts.start()
    receiver.status = 404
    state.set(SILENT)
    wait_for(lambda: any(record.levelno == logging.ERROR for record in caplog.records))
    alerts.stop()
    message = json.loads(receiver.got[0][2])
    assert (message["event"], message["server"], message["run"]) == ("unreachable", "Left", "")
    assert CANARY not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("sila_ot2"))
    assert CANARY not in repr(settings)


def test_an_event_that_is_not_the_robots_reaches_the_webhook_if_it_is_among_the_events(receiver: Receiver) -> None:
    for events, text in ((["unreachable"], "not wanted"), (["attention"], "copies are late")):
        settings = AlertSettings.model_validate({"webhook": receiver.url, "events": events})
        alerts = Alerts(settings, Observable(REACHED), lambda: "Left")
        alerts.start()
        alerts.tell(Alert("attention", text))
        wait_for(lambda: not alerts.waiting)  # noqa: B023 (called before the next turn)
        alerts.stop()
    wait_for(lambda: bool(receiver.got))
    assert [json.loads(body)["text"] for _, _, body in receiver.got] == ["copies are late"]


def test_secrets_are_not_in_the_settings_as_they_are_shown() -> None:
    settings = load(
        {
            "robot": {"url": "robot"},
            "alerts": {
                "webhook": f"https://hooks.example.org/{CANARY}",
                "webhook_secret": CANARY,
                "mail_server": "mail.example.org:587",
                "mail_user": "ot2",
                "mail_password": CANARY,
                "mail_from": "ot2@lab",
                "mail_to": ["ana@lab"],
            },
        }
    )
    assert CANARY not in settings.model_dump_json() + repr(settings)
