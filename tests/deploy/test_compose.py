"""Compose: the bots wait for the database, and nobody has more rights than needed."""

import re

import pytest

from adapters.slack.declared import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from bot.__main__ import main
from bot.settings import NAMES, Settings
from tests.deploy.files import DEPLOY, example, services, stages, told

STOPS_WITHIN = 10
"""Seconds in which the bot stops after it was told to."""


@pytest.mark.parametrize("name", services())
def test_every_service_runs_with_as_few_rights_as_can_be(name: str) -> None:
    """Nothing to write to but volumes and memory, no capabilities, no way to get more; a version of each image."""
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) in ([], ["NET_BIND_SERVICE"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "pid", "container_name"} & set(service)
    assert re.fullmatch(r"onward|[a-z]+:\d+", service["image"])


def test_there_can_be_several_bots() -> None:
    """They have no name or port of their own, and wait for the database and for its upgrade."""
    found = services()
    assert "ports" not in found["bot"]
    assert found["bot"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert found["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in found["database"]
    with pytest.raises(SystemExit) as left:
        main([*found["migrate"]["command"], "--help"])
    assert left.value.code == 0


def test_the_bot_has_time_to_stop() -> None:
    """Before it is killed it has finished what it has taken."""
    assert int(services()["bot"]["stop_grace_period"].removesuffix("s")) > STOPS_WITHIN


def test_secrets_come_from_a_file_that_is_in_no_image_and_no_commit() -> None:
    """Passwords are read from it, and the repository leaves it out."""
    found = services()
    assert found["bot"]["env_file"] == ".env"
    password = "${POSTGRES_PASSWORD:?set it in docs/deploy/.env}"
    assert found["database"]["environment"]["POSTGRES_PASSWORD"] == password
    assert password in found["bot"]["environment"]["ONWARD_DATABASE_URL"]
    ignored = (DEPLOY.parent.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".env" in ignored


def test_from_outside_only_slack_can_reach_the_bots() -> None:
    """Health and counters are for the host alone; whatever Slack asks for gets through."""
    published = {name for name, service in services().items() if "ports" in service}
    assert published == {"web"}
    assert services()["web"]["volumes"][0].startswith("./Caddyfile:")
    rules = re.findall(r"^\thandle (.*)\{$", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [rule.strip() for rule in rules] == ["/slack/*", ""]
    assert all(path.startswith("/slack/") for path in (EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH))


def test_every_setting_that_is_named_is_one() -> None:
    """In the image, in compose, in the unit and in the example: the bot refuses names it does not know."""
    named = {
        name
        for file in ("Dockerfile", "compose.yaml", "Caddyfile", "onward.service", "environment.example")
        for name in re.findall(r"\bONWARD_\w+", (DEPLOY / file).read_text(encoding="utf-8"))
    }
    assert len(named) > 10
    assert named <= set(NAMES)


def test_the_settings_of_the_image_are_good_ones() -> None:
    """Whoever starts it without any setting gets a database in the volume, and health for the check."""
    (line,) = told(stages()[-1], "ENV")
    settings = Settings.read(dict(re.findall(r"(ONWARD_\w+)=(\S+)", line)))
    assert settings.database_file is not None
    assert settings.database_file.parent.as_posix() == "/data"
    assert settings.listen == ("0.0.0.0", 8080)  # noqa: S104 - in a container, which has an address of its own


def test_the_example_sets_nothing_by_itself() -> None:
    """Each line is commented out, so that a copy of it is good as it is."""
    text = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in text.splitlines() if line)
    assert {"POSTGRES_PASSWORD", "ONWARD_KEY", "ONWARD_DISCORD__TOKEN", "WEB_ADDRESS"} <= set(example())
