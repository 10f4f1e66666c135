"""The file with the users: what is in it, who can read it, and that a change holds at once."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from sila_ot2.store import users
from sila_ot2.store.unusable import StateUnusable
from sila_ot2.store.users import Role, User, UserFile, UserUnfit

PASSWORD = "correct horse battery"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(users, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
    return tmp_path / "state" / "users.json"


def add(file: Path, name: str = "ana", role: Role = Role.OPERATE, password: str = PASSWORD) -> None:
    with users.changing(file) as known:
        known[name] = User(name, role, users.hash_password(password))


def test_a_user_is_found_with_role_and_password_and_the_password_is_not_in_the_file(file: Path) -> None:
    add(file)
    known = UserFile(file)
    found = known.find("ana")
    assert found is not None
    assert found.role is Role.OPERATE
    assert known.is_password("ana", PASSWORD)
    assert not known.is_password("ana", PASSWORD + " ")
    assert not known.is_password("Ana", PASSWORD)
    assert PASSWORD not in file.read_text()
    assert found.password_hash not in repr(found)


def test_only_the_owner_can_read_the_file(file: Path) -> None:
    add(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_change_of_the_file_holds_at_once(file: Path) -> None:
    known = UserFile(file)
    assert known.find("ana") is None
    add(file)
    before = known.key_of("ana")
    add(file, password="another password")
    assert known.key_of("ana") not in (None, before)
    with users.changing(file) as changed:
        del changed["ana"]
    assert known.find("ana") is None
    file.unlink()
    assert known.find("ana") is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"users": []}', '{"users": {"ana": {"role": "rule", "password": "x"}}}', '{"users": {"ana": {}}}'],
)
def test_a_damaged_file_lets_nobody_in_and_says_what_to_do(file: Path, content: str) -> None:
    add(file)
    known = UserFile(file)
    assert known.find("ana")
    file.write_text(content)
    assert known.find("ana") is None
    with pytest.raises(StateUnusable) as unusable:
        users.read(file)
    assert "user add" in unusable.value.remedy


def test_nothing_is_written_when_a_change_fails(file: Path) -> None:
    add(file)
    before = file.read_bytes()
    with pytest.raises(UserUnfit), users.changing(file) as known:
        known["bo"] = User("bo", Role.OBSERVE, users.hash_password("short"))
    assert file.read_bytes() == before


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
def test_a_password_of_another_length_is_refused(password: str) -> None:
    with pytest.raises(UserUnfit, match="at least 8 characters, and at most 1024 bytes"):
        users.hash_password(password)


def test_a_password_of_another_length_is_never_right(file: Path) -> None:
    add(file)
    assert not UserFile(file).is_password("ana", "x" * 100_000)


@pytest.mark.parametrize("name", ["", "a b", "a\n", "x" * 65, "\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(UserUnfit):
        users.check_name(name)


@pytest.mark.slow
def test_a_name_that_nobody_has_takes_as_long_as_a_users() -> None:
    """The hash that is compared then has the cost of a new user's."""
    costs = users._NOBODY.split("$")[1:4]
    assert PasswordHasher().hash("x").split("$")[1:4] == costs
    assert users._fits(users._NOBODY, PASSWORD) is False


def test_an_invalid_hash_matches_no_password(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"users": {"ana": {"role": "observe", "password": PASSWORD}}}))
    assert not UserFile(file).is_password("ana", PASSWORD)


def test_a_folder_of_others_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    add(tmp_path / "users.json")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
