"""A server whose clock is not the one of this machine, as the Date header of its answers tells."""

from email.utils import formatdate
from time import time
from typing import Protocol

from aiohttp import web


class Dated(Protocol):
    """Whatever has a clock of its own: by how many seconds it is behind."""

    behind: float


def tell(app: web.Application, server: Dated) -> None:
    """Have the answers of an application tell the time on the server's clock."""

    async def date(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(time() - server.behind, usegmt=True)

    app.on_response_prepare.append(date)
