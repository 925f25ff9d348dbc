"""What members see of mentoring: pages with buttons, and lines that come by themselves, with nobody's words in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from dialogs import filled
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.introducing import Note
from dialogs.mentoring import (
    INDUSTRIES,
    KNOWN,
    MOST,
    TOPICS,
    Introduction,
    Offer,
    State,
    Status,
    topic_of,
    topics_of,
)
from dialogs.private import Private
from dialogs.replies import Closing, Control, Option, Params, Pick, Press, Reply, Room, Say

MOST_LISTED = 20
"""So many introductions are listed with a button each; a message of Discord's holds 25."""

CATEGORIES = ("rude", "unwanted", "money", "other")
"""What somebody can be reported for."""

SEPARATOR = "-"


class Draft(NamedTuple):
    """What is chosen on the page of an offer that is not made yet. It stands in the buttons, and nowhere else."""

    topics: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    most: int = 1

    def __str__(self) -> str:
        """Return it as digits: a button has little room."""
        topics = "".join(str(TOPICS.index(one)) for one in self.topics)
        industries = "".join(str(INDUSTRIES.index(one)) for one in self.industries)
        return SEPARATOR.join((topics, industries, str(self.most)))


def read_draft(text: str) -> Draft:
    """Return the draft that a button holds; what does not fit into one is nothing."""
    topics, industries, most, *_ = [*text.split(SEPARATOR), "", "", ""]
    return Draft(_named(topics, TOPICS), _named(industries, INDUSTRIES), count(most))


def count(text: str) -> int:
    """Return how many at a time, 1 for what is not offered."""
    return int(text) if text in tuple("12345")[:MOST] else 1


def _named(digits: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for number, name in enumerate(names) if str(number) in digits)


class Topic(Private, frozen=True):
    """What somebody looks for."""

    topic: str
    industry: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can be looked for: an industry has to be named."""
        return self.topic != "industry" or bool(self.industry)

    def __str__(self) -> str:
        """Return it as a button holds it."""
        return f"{self.topic}.{self.industry}" if self.industry else self.topic


def read_topic(text: str) -> Topic | None:
    """Return the topic that a button holds, None when it is none."""
    topic, _, industry = text.partition(".")
    if topic not in TOPICS or (industry and (topic != "industry" or industry not in INDUSTRIES)):
        return None
    return Topic(topic=topic, industry=industry)


class Pages:
    """Words the pages of one community."""

    def __init__(self, catalog: Catalog, community: str) -> None:
        """Take the words, and the community that the buttons are about."""
        self._catalog = catalog
        self._community = community

    # the parts of a page

    def line(self, what: str, *controls: Control, **params: "str | Say") -> Reply:
        """Return one line of the words with buttons."""
        return self._reply((f"mentors.{what}",), controls, params)

    def _reply(self, keys: Sequence[str], controls: Sequence[Control], params: Params) -> Reply:
        texts = [filled.fill(self._catalog.template(key), params, self._catalog) for key in keys]
        return Reply(text="\n\n".join(texts), keys=tuple(keys), controls=tuple(controls))

    def press(self, name: str, rest: object = "", style: str = "", label: "Say | None" = None) -> Press:
        """Return a button of this community; its label is that of the act."""
        words = label or Say(key=f"acts.mentor_{name}")
        about = f"{self._community}/{rest}" if rest != "" else self._community
        act = Act(name=f"mentor.{name}", about=about)
        return Press(act=str(act), label=filled.line(words, self._catalog), style=style)

    def _pick(self, name: str, draft: Draft, options: Mapping[str, str], picked: Sequence[str], most: int) -> Pick:
        return Pick(
            act=f"mentor.{name}:{self._community}/{draft}",
            label=self._catalog.plain(f"mentors.pick_{name}"),
            options=tuple(Option(value=value, label=label) for value, label in options.items()),
            picked=tuple(picked),
            least=1,
            most=most,
        )

    def _labels(self, kind: str, names: Sequence[str]) -> dict[str, str]:
        return {name: self._catalog.plain(f"mentors.{kind}_{name}") for name in names}

    def topic(self, one: Introduction) -> str:
        """Return what an introduction is about, in words."""
        return filled.line(topic_of(one.topic, one.industry), self._catalog)

    # offering

    def offer(self, draft: Draft, offer: Offer | None) -> Reply:
        """Return the page of an offer: as it is kept, or as it is being chosen."""
        if offer is not None:
            draft = Draft(offer.topics, offer.industries, offer.most)
        picks = [self._pick("topics", draft, self._labels("topic", TOPICS), draft.topics, len(TOPICS))]
        if "industry" in draft.topics:
            industries = self._labels("industry", INDUSTRIES)
            picks.append(self._pick("industries", draft, industries, draft.industries, len(INDUSTRIES)))
        numbers = {str(number): str(number) for number in range(1, MOST + 1)}
        picks.append(self._pick("most", draft, numbers, (str(draft.most),), 1))
        params: Params = {"topics": topics_of(draft.topics, draft.industries), "most": str(draft.most)}
        if offer is None:
            complete = Offer(topics=draft.topics, industries=draft.industries).complete
            adult = [self.press("open", draft, "primary")] if complete else []
            return self._reply(
                ("mentors.offer", "mentors.offer_chosen", "mentors.offer_age"),
                (*picks, *adult, self.press("younger")),
                params,
            )
        on = offer.status is Status.ON
        keys = ["mentors.offered" if on else "mentors.offered_paused", "mentors.offer_chosen"]
        if not offer.complete:
            keys.append("mentors.offer_incomplete")
        return self._reply(
            keys, (*picks, self.press("pause" if on else "resume"), self.press("stop"), self.press("mine")), params
        )

    def younger(self) -> Reply:
        """Return why not, with a text that can be sent to an adult whom one knows."""
        blanks = {name: f"[{self._catalog.plain(f'common.blank_{name}')}]" for name in ("employer", "role")}
        draft = filled.fill(self._catalog.template("drafts.friend"), blanks, self._catalog)
        return self.line("younger", draft=draft)

    # looking

    def topics(self) -> Reply:
        """Return the page on which is chosen what to look for."""
        presses = [self.press("topic", one, label=Say(key=f"mentors.topic_{one}")) for one in TOPICS]
        return self.line("find", *presses)

    def industries(self) -> Reply:
        """Return the page on which an industry is chosen."""
        presses = [
            self.press("topic", f"industry.{one}", label=Say(key=f"mentors.industry_{one}")) for one in INDUSTRIES
        ]
        return self.line("find_industry", *presses)

    def confirm(self, topic: Topic) -> Reply:
        """Return the page that says what will happen, and asks for the age."""
        presses = self.press("seek", topic, "primary"), self.press("younger"), self.press("find")
        return self._reply(
            ("mentors.find_confirm", "mentors.find_age"), presses, {"topic": topic_of(topic.topic, topic.industry)}
        )

    # what one is in

    def mine(self, offer: Offer | None, introductions: Mapping[int, Introduction], person: str) -> Reply:
        """Return what somebody offers, looks for and has, with a button for each."""
        texts = [self._catalog.plain("mentors.mine")]
        controls: list[Control] = []
        if offer is not None:
            key = "mentors.mine_offer" if offer.status is Status.ON else "mentors.mine_offer_paused"
            params = {"topics": topics_of(offer.topics, offer.industries)}
            texts.append(filled.fill(self._catalog.template(key), params, self._catalog))
            controls.append(self.press("offer", label=Say(key="acts.mentor_change")))
        for number, one in list(introductions.items())[:MOST_LISTED]:
            about = self._about(one, person)
            texts.append(filled.line(about, self._catalog))
            controls.append(self.press("look", number, label=Say(key="mentors.look_at", params=about.params)))
        if not controls:
            texts.append(self._catalog.plain("mentors.mine_nothing"))
        return Reply(text="\n\n".join(texts), keys=("mentors.mine",), controls=(*controls, self.press("find")))

    def _about(self, one: Introduction, person: str) -> Say:
        role = "seeking" if one.seeker == person else "mentoring"
        return Say(key=f"mentors.{role}_{one.state}", params={"topic": topic_of(one.topic, one.industry)})

    def look(self, number: int, one: Introduction, person: str) -> Reply:
        """Return one introduction with everything that somebody can do with it."""
        names: tuple[str, ...]
        if one.state in KNOWN:
            names = "end", "report", "block"
        elif person == one.seeker:
            names = ("agree", "cancel") if one.state is State.ACCEPTED else ("cancel",)
        else:
            names = ("accept", "decline") if one.state is State.ASKED else ("decline",)
        about = self._about(one, person)
        presses = [self.press(name, number) for name in names]
        return self._reply((about.key,), (*presses, self.press("mine")), about.params)

    def categories(self, number: int) -> Reply:
        """Return the page on which is chosen what somebody is reported for."""
        presses = [self.press("tell", f"{number}.{one}", label=Say(key=f"mentors.report_{one}")) for one in CATEGORIES]
        return self.line("report", *presses, self.press("look", number))

    # what comes by itself

    def note(self, note: Note) -> Reply:
        """Return what somebody is told, or what their room is opened or closed with."""
        topic, number = self.topic(note.introduction), note.number
        buttons: Mapping[str, Callable[[], tuple[Control, ...]]] = {
            "asked": lambda: (self.press("accept", number, "primary"), self.press("decline", number)),
            "found": lambda: (self.press("agree", number, "primary"), self.press("cancel", number)),
            "nobody_found": lambda: (self.press("find"),),
            "lapsed": lambda: (self.press("mine"),),
            "no_room": lambda: (self.press("mine"),),
            "did_it_help": lambda: self._answers("helped", number, ("yes", "some", "no")),
            "how_is_it_going": lambda: self._answers("going", number, ("on", "done")),
        }
        reply = self.line(note.what, *buttons.get(note.what, tuple)(), topic=topic)
        match note.what:
            case "asked":
                return replace(reply, about=f"mentor.reached:{self._community}/{number}")
            case "room":
                room = Room(number=number, people=note.introduction.people)
                return replace(reply, effect=room, about=f"mentor.opened:{self._community}/{number}")
            case "closing":
                return self.closing(note.introduction.receipt)
            case _:
                return reply

    def _answers(self, name: str, number: int, answers: Sequence[str]) -> tuple[Control, ...]:
        return tuple(self.press(name, f"{number}.{one}", label=Say(key=f"acts.mentor_{name}_{one}")) for one in answers)

    def closing(self, receipt: str) -> Reply:
        """Return the last message of a room."""
        return replace(self.line("closing"), effect=Closing(receipt=receipt))

    # for moderators

    def reported(self, number: int, category: str, person: str, filed: str) -> Reply:
        """Return what moderators get: who was reported, and for what. filed: what is told of its delivery."""
        reply = self.line("reported", *self._measures(number, barred=False), category=_category(category))
        return replace(reply, named=(person,), about=f"mentor.filed:{self._community}/{filed}")

    def _measures(self, number: int, *, barred: bool) -> tuple[Control, ...]:
        # The answer replaces the report: while somebody is barred, the way back stays in it.
        return (self.press("unbar", number),) if barred else (self.press("bar", number), self.press("leave", number))

    def seen_to(self, number: int, category: str, person: str, *, barred: bool) -> Reply:
        """Return a report with what was done about it."""
        what = "reported_barred" if barred else "reported_unbarred"
        reply = self.line(what, *self._measures(number, barred=barred), category=_category(category))
        return replace(reply, named=(person,))


def _category(category: str) -> Say:
    return Say(key=f"mentors.report_{category}")
