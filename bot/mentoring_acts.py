"""What members do about mentoring, act by act: each changes the board of a community, and returns what is shown."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from bot.members import Deed
from dialogs import filled
from dialogs.catalog import Catalog
from dialogs.community import recipient
from dialogs.mentoring import INDUSTRIES, LOOKED_AGAIN, TOPICS, Board, Introduction, Offer, Report, Status
from dialogs.mentoring_pages import CATEGORIES, Draft, Pages, count, read_draft, read_topic
from dialogs.replies import Reply
from storage.mentoring import Mentoring

LONGEST_NUMBER = 19
"""A number with so many digits may be none that the database has."""


class Acting:
    """One act on its way. It belongs to one transaction."""

    def __init__(self, board: Board, stored: Mentoring, pages: Pages, catalog: Catalog, deed: Deed, rest: str) -> None:
        """Take the board and what stores it, the words, the act. rest: what it is about within the community."""
        self._board = board
        self._stored = stored
        self._pages = pages
        self._catalog = catalog
        self._deed = deed
        self._me = deed.member.person
        self._rest = rest
        self.letters: list[tuple[str, str, Reply]] = []

    # offering

    async def offer(self) -> Reply:
        """Show the page of an offer."""
        kept = self._board.offers.get(self._me)
        refused = self._refused(mentoring=True) if kept is None else None
        return refused or self._pages.offer(Draft(), kept)

    async def topics(self) -> Reply:
        """Choose what to mentor in."""
        chosen = tuple(one for one in TOPICS if one in self._deed.act.values)
        return self._chosen(lambda draft: draft._replace(topics=chosen))

    async def industries(self) -> Reply:
        """Choose the industries."""
        chosen = tuple(one for one in INDUSTRIES if one in self._deed.act.values)
        return self._chosen(lambda draft: draft._replace(industries=chosen))

    async def most(self) -> Reply:
        """Choose how many at a time."""
        chosen = count("".join(self._deed.act.values))
        return self._chosen(lambda draft: draft._replace(most=chosen))

    def _chosen(self, choose: Callable[[Draft], Draft]) -> Reply:
        kept = self._board.offers.get(self._me)
        if kept is None:
            return self._refused(mentoring=True) or self._pages.offer(choose(read_draft(self._rest)), None)
        draft = choose(Draft(kept.topics, kept.industries, kept.most))
        kept = replace(kept, topics=draft.topics, industries=draft.industries, most=draft.most)
        self._board.offer(self._me, kept)
        return self._pages.offer(Draft(), kept)

    async def open(self) -> Reply:
        """Offer to mentor, as somebody who is 18 or older."""
        kept = self._board.offers.get(self._me)
        if kept is not None:
            return self._pages.offer(Draft(), kept)
        draft = read_draft(self._rest)
        made = Offer(*draft, language=self._deed.journey.settings.locale)
        refused = self._refused(mentoring=True)
        if refused is not None or not made.complete:
            return refused or self._pages.offer(draft, None)
        self._board.offer(self._me, made)
        return self._pages.offer(Draft(), made)

    async def younger(self) -> Reply:
        """Say kindly why not, and whom else to ask."""
        blanks = {name: f"[{self._catalog.lines[f'common.blank_{name}'].say[0]}]" for name in ("employer", "role")}
        draft = filled.fill(self._catalog.template("drafts.friend"), blanks, self._catalog)
        return self._pages.line("younger", draft=draft)

    async def pause(self) -> Reply:
        """Be asked by nobody for now."""
        return self._switched(Status.PAUSED)

    async def resume(self) -> Reply:
        """Be asked again."""
        return self._refused(mentoring=True) or self._switched(Status.ON)

    def _switched(self, status: Status) -> Reply:
        kept = self._board.offers.get(self._me)
        if kept is None:
            return self._pages.line("no_offer")
        kept = replace(kept, status=status)
        self._board.offer(self._me, kept)
        return self._pages.offer(Draft(), kept)

    async def stop(self) -> Reply:
        """Take the offer away."""
        self._board.stop(self._me, self._deed.now)
        return self._pages.line("stopped", self._pages.press("offer"))

    # looking

    async def find(self) -> Reply:
        """Show what can be looked for, or the request that is open already."""
        return self._refused() or self._open_request() or self._pages.topics()

    async def topic(self) -> Reply:
        """Choose what to look for."""
        topic = read_topic(self._rest)
        if topic is None:
            return await self.find()
        return self._pages.industries() if self._rest == "industry" else self._pages.confirm(topic)

    async def seek(self) -> Reply:
        """Look for a mentor, as somebody who is 18 or older."""
        topic = read_topic(self._rest)
        shown = self._refused() or self._open_request()
        if shown is not None or topic is None or self._rest == "industry":
            return shown or self._pages.topics()
        now = self._deed.now
        number = await self._stored.number(now)
        self._board.seek(
            number,
            Introduction(
                seeker=self._me,
                topic=topic.topic,
                industry=topic.industry,
                language=self._deed.journey.settings.locale,
                since=now,
                due=now + LOOKED_AGAIN,
            ),
        )
        self._board.settle(now)
        return self._pages.look(number, self._board.introductions[number], self._me)

    def _open_request(self) -> Reply | None:
        number = self._board.request(self._me)
        return None if number is None else self._pages.look(number, self._board.introductions[number], self._me)

    def _refused(self, *, mentoring: bool = False) -> Reply | None:
        """Return why somebody takes no part here, None when they may."""
        if not self._board.on:
            return self._pages.line("off")
        if self._me in self._board.barred:
            return self._pages.line("barred")
        return self._pages.line("not_a_mentor") if mentoring and not self._deed.member.mentor else None

    # introductions

    async def mine(self) -> Reply:
        """Show what somebody offers, looks for and has."""
        return self._pages.mine(self._board.offers.get(self._me), self._board.of(self._me), self._me)

    async def look(self) -> Reply:
        """Show one introduction."""
        return self._with("look", lambda number, one: self._pages.look(number, one, self._me))

    async def cancel(self) -> Reply:
        """Take the request back."""

        def cancelled(number: int, _: Introduction) -> Reply:
            self._board.cancel(number)
            return self._pages.line("cancelled", self._pages.press("find"))

        return self._with("cancel", cancelled)

    async def accept(self) -> Reply:
        """Say yes, as the mentor who was asked."""

        def accepted(number: int, one: Introduction) -> Reply:
            if not self._board.on:
                return self._pages.line("off")
            if not self._deed.member.mentor:
                self._board.unreachable(number, self._deed.now)
                return self._pages.line("not_a_mentor")
            self._board.accept(number, self._deed.now)
            return self._pages.line("accepted", self._pages.press("decline", number), topic=self._pages.topic(one))

        return self._with("accept", accepted)

    async def decline(self) -> Reply:
        """Say no, without a reason."""

        def declined(number: int, _: Introduction) -> Reply:
            self._board.decline(number, self._deed.now)
            return self._pages.line("declined", self._pages.press("offer"))

        return self._with("decline", declined)

    async def agree(self) -> Reply:
        """Say yes, as the seeker: from now on the two may know each other."""

        def agreed(number: int, one: Introduction) -> Reply:
            if not self._board.on:
                return self._pages.line("off")
            self._board.agree(number, self._deed.now)
            return self._pages.line("agreed", self._pages.press("mine"), topic=self._pages.topic(one))

        return self._with("agree", agreed)

    async def end(self) -> Reply:
        """End an introduction."""
        return self._with("end", lambda number, _: self._ended(number, "ended_by_you"))

    async def block(self) -> Reply:
        """End an introduction, and never be introduced to this person again."""

        def blocked(number: int, one: Introduction) -> Reply:
            self._board.part(*one.people)
            return self._ended(number, "blocked")

        return self._with("block", blocked)

    def _ended(self, number: int, what: str) -> Reply:
        self._board.end(number, by=self._me)
        return self._pages.line(what, self._pages.press("mine"))

    async def report(self) -> Reply:
        """Choose what somebody is reported for."""
        return self._with("report", lambda number, _: self._pages.categories(number))

    async def tell(self) -> Reply:
        """Report somebody to the moderators; it ends the introduction, too."""
        category = self._rest.partition(".")[2]
        number = _number(self._rest)
        one = self._board.may("tell", self._me, number)
        if one is None or category not in CATEGORIES:
            return self._pages.line("over")
        other, channel = one.other(self._me), self._stored.settings.now.moderators_channel
        if not other:
            return self._ended(number, "ended_by_you")
        self._board.part(*one.people)
        if not channel:
            return self._ended(number, "report_nowhere")
        filed = await self._stored.report(other, Report(category=category), self._deed.now)
        letter = self._pages.reported(filed, category, other, f"{filed}.{self._me}")
        self.letters.append((recipient(self._deed.member.community), channel, letter))
        return self._ended(number, "report_sent")

    async def helped(self) -> Reply:
        """Say whether it helped; nothing of it is kept."""
        answer = "helped_no" if self._rest.endswith(".no") else "helped_yes"
        return self._with(
            "helped",
            lambda number, _: self._pages.line(answer, self._pages.press("look", number), self._pages.press("find")),
        )

    async def going(self) -> Reply:
        """Say how it is going; nothing of it is kept."""
        if self._rest.endswith(".done"):
            return self._with("going", lambda number, _: self._ended(number, "going_done"))
        return self._with("going", lambda number, _: self._pages.line("going_on", self._pages.press("look", number)))

    def _with(self, move: str, do: Callable[[int, Introduction], Reply]) -> Reply:
        """Do something with the introduction that the act is about, if that is for this person to do, and not over."""
        number = _number(self._rest)
        one = self._board.may(move, self._me, number)
        return self._pages.line("over", self._pages.press("mine")) if one is None else do(number, one)

    # moderating

    async def bar(self) -> Reply:
        """Let somebody who was reported take no part any more."""
        return await self._seen_to(barred=True)

    async def unbar(self) -> Reply:
        """Let them take part again."""
        return await self._seen_to(barred=False)

    async def leave(self) -> Reply:
        """Do nothing about a report."""
        found = await self._stored.reported(_number(self._rest))
        if not self._deed.member.moderator or found is None:
            return self._not_seen_to()
        if not found[1].barred:
            await self._stored.forget_report(_number(self._rest))
        return self._pages.line("report_left")

    async def _seen_to(self, *, barred: bool) -> Reply:
        number = _number(self._rest)
        found = await self._stored.reported(number)
        if not self._deed.member.moderator or found is None:
            return self._not_seen_to()
        person, report = found
        await self._stored.keep_report(number, replace(report, barred=barred))
        if barred:
            self._board.bar(person, self._deed.now)
        else:
            self._board.barred.discard(person)
        return self._pages.seen_to(number, report.category, person, barred=barred)

    def _not_seen_to(self) -> Reply:
        if not self._deed.member.moderator:
            return replace(self._pages.line("not_a_moderator"), aside=True)
        return self._pages.line("report_gone")


def _number(rest: str) -> int:
    """Return the number that an act is about, 0 (which nothing has) when it is about none."""
    number = rest.partition(".")[0]
    return int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0


ACTS: Mapping[str, Callable[[Acting], Awaitable[Reply]]] = {
    one.__name__: one
    for one in (
        Acting.offer,
        Acting.topics,
        Acting.industries,
        Acting.most,
        Acting.open,
        Acting.younger,
        Acting.pause,
        Acting.resume,
        Acting.stop,
        Acting.find,
        Acting.topic,
        Acting.seek,
        Acting.mine,
        Acting.look,
        Acting.cancel,
        Acting.accept,
        Acting.decline,
        Acting.agree,
        Acting.end,
        Acting.block,
        Acting.report,
        Acting.tell,
        Acting.helped,
        Acting.going,
        Acting.bar,
        Acting.unbar,
        Acting.leave,
    )
}
"""Every act, by its name."""
