"""The tables. Moments are whole microseconds since 1970 in UTC: exact and quick on every database."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ids = BigInteger().with_variant(Integer(), "sqlite")
addresses = String(500).with_variant(String(200), "sqlite")  # the length says nothing there, and is left alone

people = Table(
    "people",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("address", addresses, nullable=False, default=""),
    Column("unreachable_since", BigInteger),
    Column("cursor", String(100), nullable=False, server_default=""),
)
"""Who is known, where replies to them go, since when nothing reaches them there, and where reading goes on."""

journeys = Table(
    "journeys",
    metadata,
    Column("person", String(200), ForeignKey("people.person", ondelete="CASCADE"), primary_key=True),
    Column("state", LargeBinary, nullable=False),
    Column("step", String(40), nullable=False),
    Column("wake_at", BigInteger),
    Column("version", Integer, nullable=False),
    Index("journeys_wake_at", "wake_at"),
)
"""Where each person stands: the sealed state, its step and version in the clear, and when time itself is the event."""

events = Table(
    "events",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    Index("events_seen_at", "seen_at"),
)
"""The events that were taken, because platforms deliver some of them twice."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", ids, primary_key=True, autoincrement=True),
    Column("person", String(200), ForeignKey("people.person", ondelete="CASCADE"), nullable=False),
    Column("address", addresses, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Index("outbox_person", "person"),
    sqlite_autoincrement=True,  # the id is the nonce of a delivery: it must never come a second time
)
"""The sealed replies that are not delivered yet."""

locks = Table(
    "locks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""A known text, sealed with the host's key: a wrong key is noticed here before anything is touched."""


def to_number(moment: datetime) -> int:
    """Return a moment as stored."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_moment(number: int) -> datetime:
    """Return a stored moment."""
    return _EPOCH + timedelta(microseconds=number)
