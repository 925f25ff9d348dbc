"""Where somebody is, as their Slack profile says."""

import asyncio
from collections.abc import Mapping

from adapters.communities import Places
from adapters.port import UndeliverableError
from adapters.slack import parse
from adapters.slack.api import TROUBLE, Api
from adapters.slack.delivery import MOST_REMEMBERED

LONGEST_LOOK = 1.0
"""Seconds that a first line waits for the profile: it has to be acknowledged within three."""

OVERSEEN: Mapping[str, str] = {"overseen": "yes"}
"""What is known of everybody here: whoever runs a workspace may be able to export direct messages.

https://slack.com/help/articles/201658943-Export-your-workspace-data
"""


class Profiles:
    """Looks a profile up once; whoever cannot be looked up is asked about again the next time."""

    def __init__(self, api: Api, places: Places) -> None:
        """Look up with these requests, and what a workspace has set."""
        self._api = api
        self._places = places
        self._known: dict[str, Mapping[str, str]] = {}

    async def of(self, person: str) -> Mapping[str, str]:
        """Return where somebody is, as `dialogs.place` takes it; of a country, what their workspace has set for all."""
        workspace, _ = parse.account(person)
        return {**await self._places.of(parse.community(workspace)), **await self._own(person)}

    async def _own(self, person: str) -> Mapping[str, str]:
        if person not in self._known:
            try:
                async with asyncio.timeout(LONGEST_LOOK):
                    found = await self._look(person)
            except (*TROUBLE, UndeliverableError):
                return OVERSEEN
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[person] = found
        return self._known[person]

    async def _look(self, person: str) -> Mapping[str, str]:
        workspace, user = parse.account(person)
        found = await self._api.read(workspace, "users.info", user=user, include_locale=True)
        profile = found.get("user") or {}
        # A locale says which language somebody reads, and not where they live.
        language = str(profile.get("locale") or "").partition("-")[0]
        told = {"zone": str(profile.get("tz") or ""), "locale": language}
        return {**OVERSEEN, **{name: value for name, value in told.items() if value}}
