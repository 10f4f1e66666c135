"""What a person says about the pipettes on the page."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from sila_ot2.client.errors import ServerUnreachable
from sila_ot2.client.generated.atomic_liquid_handling import PipetteState, StatedTipState
from sila_ot2.client.generated.ot2_status_provider import RequiredAction
from sila_ot2.web import sentences, texts
from tests.fakes.page import Ended, FakeServer
from tests.unit.web.test_pages import ROBOT, run_page, until
from tests.unit.web.test_setup import enter, pipette

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of NiceGUI's own libraries
]
BARE = [StatedTipState(mount="left", tip_state="NoTip"), StatedTipState(mount="right", tip_state="NoTip")]
"""Every pipette is named: what is not named, the server takes for bare once a session is lost."""
LOOK = RequiredAction(code="ReconcileState", explanation="The right pipette may hold a tip.", remedy="")


def held(mount: Any, evidence: Any, tip_state: Any = "Unknown") -> PipetteState:
    given: dict[str, Any] = {each.name: "" for each in dataclasses.fields(PipetteState)}
    return PipetteState(**{**given, "mount": mount, "evidence": evidence, "tip_state": tip_state})


def uncertain_server() -> FakeServer:
    server = FakeServer(
        status_provider__device_status="NeedsAttention",
        status_provider__required_actions=[LOOK],
        pipette_provider__attached_pipettes=[pipette("left", "p20_single_gen2"), pipette("right", "p300_single_gen2")],
        atomic_liquid_handling__pipette_states=[held("right", "Unknown")],
    )
    server.answers["reconcile_state"] = server.answers["discard_tip_untracked"] = Ended(None)
    return server


async def open_dialog(user: User) -> ui.dialog:
    await user.open(ROBOT)
    await user.should_see(LOOK.explanation, retries=30)
    others = user.find(kind=ui.dialog).elements
    user.find(kind=ui.button, content=texts.LOOKED).click()
    await user.should_see(texts.LOOK_AT_PIPETTES, retries=30)
    (opened,) = user.find(kind=ui.dialog).elements - others
    return opened


def test_what_a_person_sees_is_stated_once_and_never_assumed() -> None:
    server = uncertain_server()

    async def scene(user: User) -> None:
        dialog = await open_dialog(user)
        user.find(kind=ui.button, content=texts.LOOKED_SO).click()
        await user.should_see(texts.SAY_WHAT_YOU_SEE, retries=30)
        assert server.calls == [], "of the right pipette nothing was said"
        with user:
            await enter(user, sentences.pipette("right", "p300_single_gen2"), "change", "NoTip")
        user.find(kind=ui.button, content=texts.LOOKED_SO).click()
        await user.should_see(texts.LOOKED_DONE, retries=30)
        assert server.calls == [("reconcile_state", {"tip_states": BARE, "confirm": True})]
        await until(lambda: not dialog.value)
        server.set(status_provider__required_actions=[])
        await user.should_not_see(kind=ui.button, content=texts.LOOKED, retries=30)

    run_page(scene, server)


@pytest.mark.parametrize("pressed", [texts.LOOKED_SO, sentences.drop_tip("right")])
def test_what_came_into_doubt_after_the_person_looked_is_not_settled(pressed: str) -> None:
    server = uncertain_server()
    server.set(
        atomic_liquid_handling__pipette_states=[held("left", "Confirmed", "Tip"), held("right", "Unknown")],
    )

    async def scene(user: User) -> None:
        dialog = await open_dialog(user)
        with user:
            await enter(user, sentences.pipette("right", "p300_single_gen2"), "change", "NoTip")
        server.set(atomic_liquid_handling__pipette_states=[held("left", "Unknown"), held("right", "Unknown")])
        user.find(kind=ui.button, content=pressed).click()
        if pressed != texts.LOOKED_SO:
            await user.should_see(texts.DROP_NOW, retries=30)
            user.find(kind=ui.button, content=texts.DROP_NOW).click()
        await user.should_see(texts.PIPETTES_CHANGED, retries=30)
        assert (server.calls, dialog.value) == ([], False)

    run_page(scene, server)


def test_a_tip_that_the_server_knows_of_is_named_as_such() -> None:
    server = uncertain_server()
    server.set(atomic_liquid_handling__pipette_states=[held("left", "Confirmed", "Tip"), held("right", "Unknown")])

    async def scene(user: User) -> None:
        await open_dialog(user)
        with user:
            await enter(user, sentences.pipette("right", "p300_single_gen2"), "change", "NoTip")
        user.find(kind=ui.button, content=texts.LOOKED_SO).click()
        await user.should_see(texts.LOOKED_DONE, retries=30)
        seen = [dataclasses.replace(BARE[0], tip_state="Tip"), BARE[1]]
        assert server.calls == [("reconcile_state", {"tip_states": seen, "confirm": True})]

    run_page(scene, server)


@pytest.mark.parametrize("unread", ["pipette_states", "attached_pipettes"])
def test_nothing_is_asked_of_pipettes_that_could_not_be_read(unread: str) -> None:
    server = uncertain_server()
    if unread == "pipette_states":
        server.answers["pipette_states"] = ServerUnreachable("There is no answer.")
    else:
        server.set(pipette_provider__attached_pipettes=[])
    said = "There is no answer." if unread == "pipette_states" else texts.NO_PIPETTES

    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see(LOOK.explanation, retries=30)
        user.find(kind=ui.button, content=texts.LOOKED).click()
        await user.should_see(said, retries=30)
        await user.should_not_see(texts.LOOK_AT_PIPETTES)

    run_page(scene, server)


def test_robot_drops_a_tip_only_where_one_may_be_and_once_a_person_has_confirmed() -> None:
    server = uncertain_server()

    async def scene(user: User) -> None:
        await open_dialog(user)
        await user.should_not_see(sentences.drop_tip("left"))
        drop = user.find(kind=ui.button, content=sentences.drop_tip("right"))
        drop.click()
        await user.should_see(texts.DO_NOT_DROP, retries=30)
        (pressed,) = drop.elements
        assert not pressed.enabled, "a second click does nothing"
        user.find(kind=ui.button, content=texts.DO_NOT_DROP).click()
        await until(lambda: pressed.enabled)
        assert server.calls == []
        drop.click()
        await user.should_see(texts.DROP_NOW, retries=30)
        user.find(kind=ui.button, content=texts.DROP_NOW).click()
        await user.should_see(texts.TIP_DROPPED, retries=30)
        assert server.calls == [("discard_tip_untracked", {"arguments": ("right",)})]

    run_page(scene, server)


def test_nobody_says_what_is_on_the_pipettes_without_a_log_in() -> None:
    async def scene(user: User) -> None:
        await user.open(ROBOT)
        await user.should_see(LOOK.explanation, retries=30)
        await user.should_not_see(kind=ui.button, content=texts.LOOKED)
        await user.should_not_see(kind=ui.dialog)

    run_page(scene, uncertain_server(), password=None)
