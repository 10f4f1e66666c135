"""Settings: where they come from, which wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2 import config, sila
from sila_ot2.config import SettingsInvalid, load, load_each
from sila_ot2.config.service_settings import LimitSettings
from sila_ot2.server import build

PACKAGE = Path(config.__file__).parents[1]
ROBOT = {"robot": {"url": "http://ot2:31950"}}


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for group, name, _ in config.fields():
        monkeypatch.delenv(config.variable(group, name), raising=False)


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "sila-ot2.toml"
    path.write_text(text)
    return path


def test_flag_wins_over_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = settings_file(tmp_path, '[robot]\nurl = "file"\n[server]\nport = 1\nname = "file"\naddress = "::1"')
    monkeypatch.setenv("SILA_OT2_SERVER_PORT", "2")
    monkeypatch.setenv("SILA_OT2_SERVER_NAME", "environment")
    settings = load({"server": {"port": 3, "name": None}}, file)
    assert (settings.server.port, settings.server.name, settings.server.address) == (3, "environment", "::1")
    assert settings.robot.url == "http://file:31950"


def test_names_of_several_words_are_reached_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SILA_OT2_SERVER_STATE_DIRECTORY", "/somewhere")
    assert load(ROBOT).server.state_directory == Path("/somewhere")


def test_loopback_and_encryption_by_default() -> None:
    settings = load(ROBOT)
    assert settings.server.address == "127.0.0.1"
    assert settings.tls.enabled
    assert settings.discovery.enabled


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("ot2", "http://ot2:31950"),
        ("192.168.1.20:4000", "http://192.168.1.20:4000"),
        ("http://ot2.local/", "http://ot2.local:31950"),
        ("http://[fe80::1]:31950", "http://[fe80::1]:31950"),
        ("[fe80::1%eth0]", "http://[fe80::1%eth0]:31950"),
        ("ot2_bench-3.local.", "http://ot2_bench-3.local.:31950"),
    ],
)
def test_address_of_the_robot_is_completed(given: str, url: str) -> None:
    assert load({"robot": {"url": given}}).robot.url == url


SENSELESS = ["", "http://", "ftp://ot2", "http://ot2/runs", "http://ot2:port", "not a url", "http://ot2:0", "ot2:70000"]
SENSELESS += [
    "192.168.1",
    "192.168.1.300",
    "http://user@ot2",
    "ot2#1",
    "-ot2",
    "ot2..local",
    "ot2\n",
    "[ot2]",
    "http://[fe80",
]


@pytest.mark.parametrize("given", SENSELESS)
def test_senseless_address_of_the_robot_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"robot\.url = .*http://192\.168\.1\.20:31950"):
        load({"robot": {"url": given}})


def test_missing_robot_names_every_place_to_give_it() -> None:
    with pytest.raises(SettingsInvalid, match="--robot .*SILA_OT2_ROBOT_URL"):
        load({})


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("[server]\nprot = 1", r"server\.prot; did you mean server\.port\?"),
        ("[sever]\nport = 1", r"sever; did you mean server\?"),
        ("port = 1", r"port; did you mean server\.port or notifications\.port\?"),
        ("[server]\nurl = 1", r"server\.url; did you mean robot\.url\?"),
        ("[server]\nxyzzy = 1", r"server\.xyzzy; `sila-ot2 config explain` lists all"),
    ],
)
def test_unknown_setting_in_the_file_is_refused_with_the_nearest(tmp_path: Path, text: str, suggestion: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"unknown setting {suggestion}"):
        load(ROBOT, settings_file(tmp_path, text))


@pytest.mark.parametrize("name", ["SILA_OT2_SERVER_PROT", "SILA_OT2_SEVER_PORT"])
def test_unknown_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsInvalid, match=f"{name}; did you mean SILA_OT2_SERVER_PORT"):
        load(ROBOT)


@pytest.mark.parametrize("text", ["[server", "\x00"])
def test_unreadable_file_is_named(tmp_path: Path, text: str) -> None:
    file = settings_file(tmp_path, text)
    with pytest.raises(SettingsInvalid, match="sila-ot2.toml"):
        load(ROBOT, file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="nowhere.toml"):
        load(ROBOT, tmp_path / "nowhere.toml")


def test_value_out_of_range_is_named_with_its_value() -> None:
    with pytest.raises(SettingsInvalid, match=r"server\.port = 70000"):
        load({**ROBOT, "server": {"port": 70000}})


@pytest.mark.parametrize("value", [float("inf"), 1e12])
@pytest.mark.parametrize(
    "name",
    [
        "limits.connection_idle_s",
        "limits.execution_lifetime_s",
        "limits.binary_lifetime_s",
        "limits.keepalive_s",
        "limits.keepalive_timeout_s",
        "outbound.keepalive_s",
    ],
)
def test_times_that_grpc_and_sila_cannot_count_are_refused(name: str, value: float) -> None:
    group, setting = name.split(".")
    with pytest.raises(SettingsInvalid, match=f"{name} = "):
        load({**ROBOT, group: {setting: value}})


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("group", "given", "said"),
    [
        ("alerts", {"webhook": f"ftp://{SECRET}"}, "alerts.webhook: is not a URL"),
        ("alerts", {"mail_password": SECRET, "mail_server": "a:1"}, "alerts: mail_server needs"),
        ("alerts", {"mail_password": [SECRET]}, "alerts.mail_password: "),
        ("central", {"database": f"mysql://{SECRET}"}, "central.database: is not a URL"),
        ("telemetry", {"headers": SECRET}, "telemetry.headers: is not NAME=VALUE"),
    ],
)
def test_what_is_refused_is_not_repeated_if_it_may_be_a_secret(group: str, given: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load({**ROBOT, group: given})
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)


def test_each_robot_has_a_name_and_a_directory_of_its_own() -> None:
    urls = ["http://ot2-a", "http://ot2-b", "http://ot2-a:8080", "http://127.0.0.1:31950", "http://[::1]:31950"]
    settings = [load({"robot": {"url": url}}) for url in urls]
    assert len({each.default_server_name for each in settings}) == len(urls)
    assert len({each.robot_directory for each in settings}) == len(urls)
    assert settings[0].default_server_name == "OT-2 ot2-a"
    assert settings[2].robot_directory.name == "ot2-a_8080"


SEVERAL = """
[server]
address = "0.0.0.0"
[runs]
idle_interval_s = 3
[[robot]]
url = "ot2-a"
server = { port = 50064, name = "north" }
[[robot]]
url = "ot2-b"
[robot.server]
port = 50065
[robot.runs]
idle_interval_s = 4
"""


def test_each_robot_of_a_file_has_the_common_settings_and_its_own(tmp_path: Path) -> None:
    north, south = load_each({}, settings_file(tmp_path, SEVERAL))
    assert (north.robot.url, south.robot.url) == ("http://ot2-a:31950", "http://ot2-b:31950")
    assert (north.server.port, south.server.port) == (50064, 50065)
    assert (north.server.name, south.server.name) == ("north", None)
    assert (north.server.address, south.server.address) == ("0.0.0.0", "0.0.0.0")
    assert (north.runs.idle_interval_s, south.runs.idle_interval_s) == (3, 4)


def test_a_file_with_one_robot_in_a_list_is_as_one_without(tmp_path: Path) -> None:
    assert load({}, settings_file(tmp_path, '[[robot]]\nurl = "ot2-a"')).robot.url == "http://ot2-a:31950"


@pytest.mark.parametrize(
    ("change", "flags", "explanation"),
    [
        (("50065", "50064"), {}, "server.port = 50064: the servers of http://ot2-a:31950 and http://ot2-b:31950 need"),
        (('"ot2-b"', '"OT2-A"'), {}, "http://ot2-a:31950 is named twice"),
        (("name =", "prot ="), {}, "unknown setting server.prot; did you mean server.port"),
        (('url = "ot2-b"', ""), {}, "which robot"),
        (('address = "0.0.0.0"', "address = 7"), {}, "server.address = 7"),
        (("", ""), ROBOT, "leave out --robot"),
    ],
)
def test_robots_that_cannot_be_served_together_are_refused(
    tmp_path: Path, change: tuple[str, str], flags: dict[str, dict[str, object]], explanation: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load_each(flags, settings_file(tmp_path, SEVERAL.replace(*change)))
    assert explanation in str(refused.value)


def test_what_is_about_one_robot_refuses_a_file_with_several(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="has 2 robots"):
        load({}, settings_file(tmp_path, SEVERAL))


def test_settings_cannot_be_changed_while_running() -> None:
    settings = load(ROBOT)
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]


def test_every_setting_is_described_and_names_its_unit() -> None:
    for group, name, field in config.fields():
        assert (field.description or "").endswith("."), f"{group}.{name}"
        if field.annotation is float:
            assert name.endswith(("_s", "_hz", "_mb", "_mib")), f"{group}.{name} needs its unit"


def test_every_setting_is_read_somewhere() -> None:
    """A setting nobody reads promises something that does not happen."""
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py") if "generated" not in path.parts)
    unread = [
        f"{group}.{name}"
        for group, name, _ in config.fields()
        if f"settings.{group}.model_dump()" not in code and f"{group}.{name}" not in code
    ]
    assert not unread


def test_limits_are_those_of_the_sila_server() -> None:
    """They are handed over as a whole, by name; the defaults stand in one place only if both agree."""
    given = LimitSettings().model_dump()
    assert given == {name: getattr(sila.Limits(), name) for name in given}


def test_a_name_that_no_client_could_set_is_refused_in_the_settings_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"server\.name: .*control characters"):
        build(load({**ROBOT, "server": {"name": "Left\tbench", "port": 0, "state_directory": tmp_path}}))


COLUMNS = {
    "source_labware_column": "From", "source_well_column": "W1", "target_labware_column": "To",
    "target_well_column": "W2", "volume_column": "V",
}  # fmt: skip


@pytest.mark.parametrize(
    ("worklists", "reported"),
    [
        (
            {"source_well_column": "W1"},
            "name all columns or none; missing: source_labware_column, target_labware_column",
        ),
        ({**COLUMNS, "labware": ["Plate"]}, "'Plate' is not NAME=SLOT"),
        ({**COLUMNS, "labware": ["Plate=12"]}, "'Plate=12' is not NAME=SLOT"),
        ({**COLUMNS, "labware": ["Plate=1", "Plate=2"]}, "a name is given twice"),
    ],
)
def test_a_transfer_list_that_cannot_be_read_is_refused_at_the_start(
    worklists: dict[str, object], reported: str
) -> None:
    assert load({**ROBOT, "worklists": COLUMNS}).worklists.volume_column == "V"
    with pytest.raises(SettingsInvalid, match=reported):
        load({**ROBOT, "worklists": worklists})


def test_a_table_of_liquid_classes_with_problems_keeps_the_server_from_starting(tmp_path: Path) -> None:
    file = tmp_path / "classes.csv"
    file.write_text("Name,AirGap\noil,much\n")
    settings = load(
        {**ROBOT, "server": {"state_directory": tmp_path, "port": 0}, "session": {"liquid_classes": str(file)}}
    )
    with pytest.raises(SettingsInvalid, match=r"classes.csv: line 2, column 2: AirGap = 'much'"):
        build(settings)
