"""The tables. Moments are whole microseconds since 1970 in UTC: exact and quick on every database."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ids = BigInteger().with_variant(Integer(), "sqlite")
names = String(200).with_variant(String(200, collation="C"), "postgresql")  # byte by byte, as in Python and SQLite
addresses = String(500).with_variant(String(200), "sqlite")  # the length says nothing there, and is left alone

people = Table(
    "people",
    metadata,
    Column("person", names, primary_key=True),
    Column("address", addresses, nullable=False, default=""),
    Column("unreachable_since", BigInteger),
    Column("cursor", String(100), nullable=False, server_default=""),
    Column("key", LargeBinary, nullable=False, server_default=""),
)
"""Who is known, where replies to them go, since when nothing reaches them there, where reading goes on, and the sealed
key with which everything that is kept of them is sealed."""

journeys = Table(
    "journeys",
    metadata,
    Column("person", names, ForeignKey("people.person", ondelete="CASCADE"), primary_key=True),
    Column("state", LargeBinary, nullable=False),
    Column("step", String(40), nullable=False),
    Column("wake_at", BigInteger),
    Column("version", Integer, nullable=False),
    Index("journeys_due", "wake_at", "person"),
)
"""Where each person stands: the sealed state, its step and version in the clear, and when time itself is the event."""

events = Table(
    "events",
    metadata,
    Column("id", names, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    Index("events_seen_at", "seen_at"),
)
"""The events that were taken, because platforms deliver some twice; their names tell nothing without the key."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", ids, primary_key=True, autoincrement=True),
    Column("person", names, ForeignKey("people.person", ondelete="CASCADE"), nullable=False),
    Column("address", addresses, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("holder", BigInteger),
    Column("posted_at", BigInteger, nullable=False, server_default="0"),
    Index("outbox_person", "person"),
    sqlite_autoincrement=True,  # the id is the nonce of a delivery: it must never come a second time
)
"""The sealed replies that are not delivered yet, since when they wait, and which replica delivers them."""

replicas = Table(
    "replicas",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("alive_until", BigInteger, nullable=False),
)
"""The processes that share a server's database. What belongs to one that is not alive any more, another one takes."""

works_with = Table("works_with", metadata, Column("revision", String(40), primary_key=True))
"""The older revisions whose releases may go on working on this database, beside those that brought it up to date."""

communities = Table(
    "communities",
    metadata,
    Column("id", names, primary_key=True),
    Column("settings", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
"""How each server of Discord ("discord:...") and workspace of Slack ("slack:...") has set the bot up, as checked JSON.
It is in the clear: nothing in it is about a person."""

offers = Table(
    "offers",
    metadata,
    Column("community", names, primary_key=True),
    Column("person", names, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Index("offers_person", "person"),
)
"""Who mentors in a community, with what they offer, sealed."""

introductions = Table(
    "introductions",
    metadata,
    Column("id", ids, primary_key=True, autoincrement=True),
    Column("community", names, nullable=False),
    Column("seeker", names, nullable=False),
    Column("mentor", names, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("introductions_community", "community"),
    Index("introductions_seeker", "seeker"),
    Index("introductions_mentor", "mentor"),
    Index("introductions_due", "due_at"),
    sqlite_autoincrement=True,  # rooms are told apart by it
)
"""Who looks for a mentor, and who is asked or has agreed ("" for nobody yet); how it stands, sealed; when to look."""

apart = Table(
    "apart",
    metadata,
    Column("person", names, primary_key=True),
    Column("other", names, primary_key=True),
    Index("apart_other", "other"),
)
"""Who does not want to be introduced to whom (again)."""

reports = Table(
    "reports",
    metadata,
    Column("id", ids, primary_key=True, autoincrement=True),
    Column("community", names, nullable=False),
    Column("person", names, nullable=False),
    Column("reported_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("reports_person", "person"),
    sqlite_autoincrement=True,
)
"""Who was reported in a community: of which kind it was and what the moderators did, sealed; never by whom."""

wins = Table(
    "wins",
    metadata,
    Column("id", ids, primary_key=True, autoincrement=True),
    Column("community", names, nullable=False),
    Column("person", names, nullable=False),
    Column("receipt", String(200), nullable=False),
    Column("shared_at", BigInteger, nullable=False),
    Index("wins_community", "community"),
    Index("wins_person", "person"),
    sqlite_autoincrement=True,
)
"""Who has shared something in a wins channel, and which message it is, so that they can take it back: the receipt of
its delivery, "" until that has come. What is nobody's ("") is on its way out."""

pulse = Table(
    "pulse",
    metadata,
    Column("community", names, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("figure", String(60), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How many people of a community something was true of in a month ("2026-11"). Of whom, is nowhere.
Names of figures and counts are hidden, see storage/pulse.py."""

locks = Table(
    "locks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""Sealed with the host's key: a known text, by which a wrong key is noticed before anything is touched, and the secret
by which events are named."""

KEY_CHECK, EVENT_SECRET = "onward", "events"
"""The names of the two."""

_SEALED = 1000
"""The length of a sealed token: sealing and base64 make it a good deal longer."""


def _of_a_workspace(name: str, *further: Column[object], index: tuple[str, ...]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("client_id", String(32), nullable=False),
        Column("app_id", String(32), nullable=False),
        Column("enterprise_id", String(32)),
        Column("enterprise_name", String(200)),
        Column("team_id", String(32)),
        Column("team_name", String(200)),
        Column("bot_token", String(_SEALED)),
        Column("bot_id", String(32)),
        Column("bot_user_id", String(32)),
        Column("bot_scopes", String(1000)),
        Column("bot_refresh_token", String(_SEALED)),
        Column("bot_token_expires_at", DateTime),
        Column("is_enterprise_install", Boolean, nullable=False),
        Column("installed_at", DateTime, nullable=False),
        *further,
        Index(f"{name}_idx", *index),
    )


slack_bots = _of_a_workspace("slack_bots", index=("client_id", "enterprise_id", "team_id", "installed_at"))
slack_installations = _of_a_workspace(
    "slack_installations",
    Column("enterprise_url", String(200)),
    Column("user_id", String(32), nullable=False),
    Column("user_token", String(_SEALED)),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", String(_SEALED)),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", String(200)),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("token_type", String(32)),
    index=("client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)
"""The workspaces that added the app to Slack; tokens are sealed. slack_sdk's stores name these columns, also below."""

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
"""Who is just adding the app to a workspace, for some minutes."""


EVERYTHING = 2**62
"""A moment behind all others, as stored."""


def to_number(moment: datetime) -> int:
    """Return a moment as stored."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_moment(number: int) -> datetime:
    """Return a stored moment."""
    return _EPOCH + timedelta(microseconds=number)
