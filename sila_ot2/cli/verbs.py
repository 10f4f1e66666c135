"""All verbs of the command line."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.cli import (
    analyze,
    audit,
    backup,
    blink,
    bundle,
    call,
    camera,
    config,
    deck,
    demo,
    discover,
    doctor,
    export,
    labware,
    lights,
    liquids,
    lock,
    module,
    offsets,
    operator_requests,
    package,
    pause,
    protocols,
    release,
    resume,
    runs,
    serve,
    service,
    session,
    simulate,
    status,
    stop,
    tips,
    upload,
    user,
    watch,
    web,
    worklist,
)
from sila_ot2.cli import (
    log as run_log,
)
from sila_ot2.cli import (
    run as run_verb,
)
from sila_ot2.cli.application import without_verbs

VERBS: dict[str, dict[str, Callable[..., int | None]]] = {
    "Begin": {
        "demo": demo.demo,
        "serve": serve.serve,
        "simulate": simulate.simulate,
        "discover": discover.discover,
        "web": web.web,
    },
    "Protocols and runs": {
        "run": run_verb.run,
        "pause": pause.pause,
        "resume": resume.resume,
        "stop": stop.stop,
        "release": release.release,
        "runs": runs.runs,
        "log": run_log.log,
        "upload": upload.upload,
        "analyze": analyze.analyze,
        "protocols": protocols.protocols,
        "worklist": worklist.worklist,
    },
    "The robot": {
        "status": status.status,
        "deck": deck.deck,
        "doctor": doctor.doctor,
        "bundle": bundle.bundle,
        "session": session.session,
        "tips": tips.tips,
        "liquids": liquids.liquids,
        "lights": lights.lights,
        "blink": blink.blink,
        "accept-robot": operator_requests.accept_robot,
    },
    "The SiLA server": {
        "watch": watch.watch,
        "call": call.call,
        "lock": lock.lock,
        "unlock": operator_requests.unlock,
        "backup": backup.backup,
        "restore": backup.restore,
    },
}
"""All verbs by the panel of the help that shows them."""

application = without_verbs()
for panel, verbs in VERBS.items():
    for name, verb in verbs.items():
        application.command(name, rich_help_panel=panel)(verb)
application.add_typer(camera.camera, name="camera", rich_help_panel="The robot")
application.add_typer(labware.labware, name="labware", rich_help_panel="The robot")
application.add_typer(module.module, name="module", rich_help_panel="The robot")
application.add_typer(offsets.offsets, name="offsets", rich_help_panel="The robot")
application.add_typer(export.export, name="export", rich_help_panel="The SiLA server")
application.add_typer(package.package, name="package", rich_help_panel="Protocols and runs")
application.add_typer(audit.audit, name="audit", rich_help_panel="The SiLA server")
application.add_typer(user.user, name="user", rich_help_panel="The SiLA server")
application.add_typer(service.service, name="service", rich_help_panel="The SiLA server")
application.add_typer(config.settings, name="config", rich_help_panel="The SiLA server")
