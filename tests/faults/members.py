"""Members of one community who do what the buttons before them offer, each in their own way, and note it all."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogs.acts import Act, read
from tests.faults.people import WRITER, Person
from tests.faults.worker import COMMUNITY

PLACE = {"community": COMMUNITY, "features": "mentors wins pulse"}

MODERATOR = "lines:mod"

SEEKING = ("stays", "ends", "hurries", "reports", "shares", "withdraws", "erases", "leaves", "cancels", "blocks")
"""What whoever looks for a mentor does besides: hurries to end it before there is a room, erases everything while
nobody has answered or (leaves) when they have met, takes the request back once somebody is found, ..."""

MENTORING = ("stays", "declines", "wavers", "stops", "erases", "ends", "reports", "blocks")
"""What mentors do besides: say no first, say yes and then no, take the offer away after a yes, ..."""

NEXT = {
    "mentor.offer": "mentor.topics",
    "mentor.topics": "mentor.most",
    "mentor.most": "mentor.open",
    "mentor.find": "mentor.topic",
    "mentor.topic": "mentor.seek",
    "mentor.report": "mentor.tell",
    "wins.share": "wins.anonymous",
    "wins.anonymous": "wins.post",
}
"""What everybody does next, when they are shown a button for it."""

PICKED = {"mentor.topics": ("cv",), "mentor.most": ("2",)}


def number(about: str) -> int:
    """Return the number that an act is about, behind the community and before a detail."""
    return int(about.partition("/")[2].partition(".")[0])


@dataclass(eq=False)
class Member:
    """One member: does one thing after another, when what is done before is acknowledged."""

    name: str
    way: str
    mentor: bool
    script: tuple[str, ...] = ()
    erasing: bool = False
    gone: bool = False
    settled: bool = False
    lost: int = 0
    met: set[int] = field(default_factory=set)
    pressed: Counter[tuple[str, int]] = field(default_factory=Counter)
    heard: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the talk, and then with the first act."""
        self._talk = Person(self.name, self.script)
        self._wants: deque[dict[str, Any]] = deque()
        self._under_way: dict[str, Any] | None = None
        self._sent = self._presses = 0
        if self.name != MODERATOR:
            self._want(f"mentor.offer:{COMMUNITY}" if self.mentor else f"mentor.find:{COMMUNITY}")

    # as the platform sees it

    @property
    def done(self) -> bool:
        """Whether nothing is left to do, or to wait for: a mentor waits for nobody."""
        free = self._talk.done and self._under_way is None and not self._wants
        return free and (self.gone or (not self.erasing and (self.mentor or self.settled)))

    def event(self) -> dict[str, Any] | None:
        """Return the next thing that they do, when the one before is acknowledged."""
        if not self._talk.done:
            said = self._talk.event()
            return said and {**said, "place": PLACE}
        if self._under_way is not None or not self._wants:
            return None
        self._sent += 1
        self._under_way = {"id": f"{self.name}/a{self._sent}", "person": self.name, **self._wants.popleft()}
        return self._under_way

    def unacknowledged(self) -> dict[str, Any] | None:
        """Return what is on its way."""
        said = self._talk.unacknowledged()
        return {**said, "place": PLACE} if said else self._under_way

    def again(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the same when the platform hands it over again, and every other time that they press once more."""
        if "act" not in event or event != self._under_way:
            return event
        self._presses += 1
        if self._presses % 2:
            self._under_way = {**event, "id": f"{self.name}/a{self._sent}.{self._presses}"}
        return self._under_way

    def acknowledge(self, event_id: str, shown: dict[str, Any] | None) -> bool:
        """Take note of what is shown; whoever is shown nothing presses again."""
        if self._talk.acknowledge(event_id):
            return True
        done = self._under_way
        if done is None or done["id"] != event_id:
            return False
        self._under_way = None
        if "act" in done and shown is None:
            self.lost += 1
            self._wants.appendleft({key: done[key] for key in ("act", "values", "may")})
        elif "act" in done and shown is not None:
            self.shown.append(shown)
            self._go_on(read(done["act"]), shown["acts"])
        elif "tap" in done:
            self.gone = True
        return True

    def hear(self, letter: dict[str, Any]) -> tuple["Member"]:
        """Take note of what was delivered, and want to do something about it."""
        self.heard.append(letter)
        if not self._talk.done:
            self._talk.hear(letter)
        elif "anywhere.erase_sure" in letter["keys"]:
            self._wants.append({"tap": "erase", "asked": letter["asked"]})
        elif letter["keys"] == ["mentors.asked"] and not self.erasing:
            self._answer(letter["acts"])
        elif letter["keys"] == ["mentors.found"] and not self.erasing:
            self._press("mentor.cancel" if self.way == "cancels" else "mentor.agree", letter["acts"])
        return (self,)

    def meet(self, room: int) -> None:
        """Take note that there is a room, and do there what is theirs to do."""
        self.met.add(room)
        self.settled = True
        match self.way:
            case _ if self.erasing:
                pass
            case "ends" | "blocks" | "reports":
                self._want(f"mentor.{self.way.removesuffix('s')}:{COMMUNITY}/{room}")
            case "leaves":
                self._erase()

    def sees(self, report: dict[str, Any]) -> None:
        """See to a report, as a moderator."""
        self._press("mentor.bar", report["acts"])

    def did(self, key: str) -> bool:
        """Say whether they were shown a line."""
        return any(key in shown["keys"] for shown in self.shown)

    # what they do next

    def _answer(self, acts: Sequence[str]) -> None:
        first = not any(name in {"mentor.accept", "mentor.decline"} for name, _ in self.pressed)
        match self.way:
            case "erases":
                self._erase()
            case "declines" if first:
                self._press("mentor.decline", acts)
            case _:
                self._press("mentor.accept", acts)

    def _go_on(self, act: Act, acts: Sequence[str]) -> None:
        """Do what comes after an act, with what is shown then."""
        if act.name in NEXT:
            self._press(NEXT[act.name], acts, *PICKED.get(NEXT[act.name], ()))
        match act.name, self.way:
            case "mentor.accept", "wavers" if not any(name == "mentor.decline" for name, _ in self.pressed):
                self._want(f"mentor.decline:{act.about}")
            case "mentor.accept", "stops":
                self._want(f"mentor.stop:{COMMUNITY}")
            case "mentor.seek", "erases":
                self._erase()
            case "mentor.seek", "shares" | "withdraws":
                self._want(f"wins.share:{COMMUNITY}")
            case "mentor.agree", "hurries":
                self._want(f"mentor.end:{act.about}")
            case "mentor.cancel", _:
                self.settled = True
            case "wins.post", "withdraws":
                self._press("wins.withdraw", acts)

    def _press(self, name: str, acts: Sequence[str], *values: str) -> None:
        """Want to press the first of the buttons with this act, when there is one."""
        for act in acts:
            if read(act).name == name:
                return self._want(act, *values)
        return None

    def _want(self, act: str, *values: str) -> None:
        may = (["mentor"] if self.mentor else []) + (["moderator"] if self.name == MODERATOR else [])
        self._wants.append({"act": act, "values": values, "may": may})
        about = read(act).about.partition("/")[2].partition(".")[0]
        if about.isdecimal():
            self.pressed[read(act).name, int(about)] += 1

    def _erase(self) -> None:
        self.erasing = True
        self._wants.clear()
        self._wants.append({"command": "erase"})


class Channels:
    """The channels of the community: what stands there, and who is told of it."""

    done = True

    def __init__(self, name: str, members: dict[str, Member]) -> None:
        """Begin with nothing there."""
        self.name = name
        self.heard: list[dict[str, Any]] = []
        self._members = members

    def hear(self, letter: dict[str, Any]) -> tuple[Member, ...]:
        """Take note of a letter; whoever is in a new room, and moderators of a report, may have something to do."""
        self.heard.append(letter)
        if letter["effect"] == "room":
            seeker, mentor = (self._members[person] for person in letter["people"])
            # Nobody is named before both have said yes.
            assert seeker.pressed["mentor.agree", letter["room"]]
            assert mentor.pressed["mentor.accept", letter["room"]]
            for one in (seeker, mentor):
                one.meet(letter["room"])
            return seeker, mentor
        if letter["keys"] == ["mentors.reported"]:
            self._members[MODERATOR].sees(letter)
            return (self._members[MODERATOR],)
        return ()

    def event(self) -> None:
        """Do nothing: a channel is nobody."""

    def unacknowledged(self) -> None:
        """Have nothing on its way."""

    def again(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the same."""
        return event

    def acknowledge(self, _event_id: str, _shown: dict[str, Any] | None) -> bool:
        """Take note of nothing."""
        return False


def members(pairs: int) -> list[Member]:
    """Return so many who look for a mentor, as many mentors, and a moderator."""
    seekers = [
        Member(
            name=f"lines:s{n}",
            way=SEEKING[n % len(SEEKING)],
            mentor=False,
            script=tuple(line.format(n=n) for line in WRITER[: 1 + n % 3]),
        )
        for n in range(pairs)
    ]
    mentors = [Member(name=f"lines:m{n}", way=MENTORING[n % len(MENTORING)], mentor=True) for n in range(pairs)]
    moderator = Member(name=MODERATOR, way="stays", mentor=True)
    return [*(one for pair in zip(seekers, mentors, strict=True) for one in pair), moderator]
