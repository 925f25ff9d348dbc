"""The workspaces that the app was added to: one whose token is a setting, or many that are kept in the database."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from time import time
from typing import Protocol
from weakref import WeakValueDictionary

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from dialogs.private import Private

RENEW_BEFORE = 120
"""Minutes before a token expires at which it is renewed."""

MOST_REMEMBERED = 1000
REMEMBERED_FOR = 60.0
"""Seconds for which an installation is not looked up again."""


class Installed(Private, frozen=True):
    """The app in one workspace. id: of the workspace, or of the organisation when it was added to all of it.

    user: the bot's own account. name: for whoever hosts it.
    """

    id: str
    token: str
    user: str
    bot: str = ""
    name: str = ""


class Workspaces(Protocol):
    """Where the app was added to."""

    async def find(self, workspace: str) -> Installed | None:
        """Return the app in a workspace, None when it is not there (any more)."""
        ...

    def refused(self, workspace: str) -> None:
        """Note that Slack no longer takes the token of a workspace: it may have been renewed elsewhere."""
        ...

    async def leave(self, workspace: str, *, removed: bool) -> bool:
        """Forget a workspace that has removed the app, or taken its token back; say whether it is left for good."""
        ...


async def authorized(workspaces: Workspaces, enterprise: str | None, team: str | None) -> AuthorizeResult | None:
    """Return what the library needs to know of a workspace; None for one that the app was not added to.

    `AuthorizeResult.team_id` is the id by which the workspace is known here.
    """
    for workspace in (team, enterprise):
        found = await workspaces.find(workspace) if workspace else None
        if found is not None:
            return AuthorizeResult(
                enterprise_id=enterprise,
                team_id=found.id,
                bot_user_id=found.user,
                bot_id=found.bot,
                bot_token=found.token,
            )
    return None


class One:
    """The one workspace of a token."""

    def __init__(self, installed: Installed) -> None:
        """Know one workspace; `signed_in` asks Slack about it."""
        self.installed = installed

    @classmethod
    async def signed_in(cls, client: AsyncWebClient, token: str) -> "One":
        """Ask whose token this is. Raises SlackApiError and what the network raises."""
        answer = await client.auth_test(token=token)
        return cls(
            Installed(
                id=str(answer.get("enterprise_id") if answer.get("is_enterprise_install") else answer["team_id"]),
                token=token,
                user=str(answer["user_id"]),
                bot=str(answer.get("bot_id") or ""),
                name=str(answer.get("team") or ""),
            )
        )

    async def find(self, workspace: str) -> Installed | None:
        """Return the app in a workspace."""
        return self.installed if workspace == self.installed.id else None

    def refused(self, workspace: str) -> None:
        """Do nothing: the token is a setting."""

    async def leave(self, workspace: str, *, removed: bool) -> bool:
        """Say whether the workspace is left for good: a token that was taken back may only be replaced by a new one."""
        return removed and workspace == self.installed.id


class Kept(Protocol):
    """Where installations are kept."""

    async def find(self, workspace: str) -> Bot | None:
        """Return the newest installation of a workspace."""
        ...

    def renewing(self, workspace: str) -> AbstractAsyncContextManager[bool]:
        """Say whether tokens may be renewed in this block; nobody else does, in this process or another."""
        ...

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep renewed tokens."""
        ...

    async def remove(self, workspace: str) -> None:
        """Forget the installations in a workspace."""
        ...


class Many:
    """The workspaces whose installations are kept in the database; their tokens are renewed before they expire."""

    def __init__(
        self,
        kept: Kept,
        rotator: AsyncTokenRotator,
        ticks: Callable[[], float],
    ) -> None:
        """Look installations up in `kept`. ticks: seconds that only go forward."""
        self._kept = kept
        self._rotator = rotator
        self._ticks = ticks
        self._known: dict[str, tuple[float, Installed | None]] = {}
        self._renewals: dict[str, asyncio.Task[Bot]] = {}
        self._unkept: dict[str, Bot] = {}
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def find(self, workspace: str) -> Installed | None:
        """Return the app in a workspace, with a token that is good for some time."""
        if (known := self._remembered(workspace)) is not None:
            return known
        # One at a time: a token can be renewed once, and the one that was renewed first would no longer be good.
        order = self._orders.setdefault(workspace, asyncio.Lock())
        async with order:
            return self._remembered(workspace) or await self._looked_up(workspace)

    def _remembered(self, workspace: str) -> Installed | None:
        until, known = self._known.get(workspace, (0.0, None))
        return known if self._ticks() < until else None

    async def _looked_up(self, workspace: str) -> Installed | None:
        bot = await self._kept.find(workspace)
        if bot is None or not bot.bot_token:
            self._known.pop(workspace, None)
            return None
        if expires_soon(bot):
            bot = await self._renewed(workspace, bot)
        installed = Installed(
            id=str(bot.team_id or bot.enterprise_id),
            token=str(bot.bot_token),
            user=str(bot.bot_user_id or ""),
            bot=bot.bot_id,
            name=str(bot.team_name or bot.enterprise_name or ""),
        )
        if len(self._known) >= MOST_REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[workspace] = (self._ticks() + REMEMBERED_FOR, installed)
        return installed

    def refused(self, workspace: str) -> None:
        """Look the token up anew the next time."""
        self._known.pop(workspace, None)

    async def leave(self, workspace: str, *, removed: bool) -> bool:  # noqa: ARG002 - both are the same here
        """Forget a workspace: it can add the app again, and begins anew then."""
        await self._kept.remove(workspace)
        self._known.pop(workspace, None)
        return True

    async def _renewed(self, workspace: str, bot: Bot) -> Bot:
        """Renew a token, to the end even when nobody waits for it any more: what Slack has given is given once."""
        if workspace not in self._renewals:
            self._renewals[workspace] = asyncio.create_task(self._renew(workspace, bot))
            self._renewals[workspace].add_done_callback(lambda _: self._renewals.pop(workspace))
        return await asyncio.shield(self._renewals[workspace])

    async def _renew(self, workspace: str, bot: Bot) -> Bot:
        """Renew a token that expires soon. When that fails, the old one is used until it is over."""
        async with self._kept.renewing(workspace) as allowed:
            if not allowed:
                return bot
            bot = await self._kept.find(workspace) or bot  # another process may just have been here
            if not expires_soon(bot):
                return bot
            used = str(bot.bot_refresh_token)
            if used not in self._unkept:
                try:
                    renewed = await self._rotator.perform_bot_token_rotation(
                        bot=bot, minutes_before_expiration=RENEW_BEFORE
                    )
                except (SlackTokenRotationError, SlackApiError, aiohttp.ClientError, OSError):
                    return bot
                if renewed is None:
                    return bot
                self._unkept[used] = renewed
            # Where that fails it is tried again the next time that the token is looked up.
            await self._kept.async_save_bot(self._unkept[used])
            return self._unkept.pop(used)


def expires_soon(bot: Bot) -> bool:
    """Say whether a token has to be renewed."""
    return bot.bot_token_expires_at is not None and bot.bot_token_expires_at <= time() + RENEW_BEFORE * 60
