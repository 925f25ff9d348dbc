"""python-telegram-bot: a ConversationHandler with PicklePersistence."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from telegram import Chat, Message, MessageEntity, Update, User
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest, RequestData

from tests.benchmarks.peers.conversation import GREETING, QUESTIONS, Kind, closing, time

AS_IT_COMES = Kind(
    "python-telegram-bot, pickle as it comes",
    persists_each_turn=False,
    durable=False,
    note="saved every 60 s: not once while it was timed",
)
EACH_TURN = Kind(
    "python-telegram-bot, pickle each turn",
    persists_each_turn=True,
    durable=False,
    note="everybody's state is written each time: 100 people's here",
)
AT = datetime(2026, 3, 2, tzinfo=UTC)
START = (MessageEntity(type=MessageEntity.BOT_COMMAND, offset=0, length=len("/start")),)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask the first question."""
    context.user_data.clear()
    await update.message.reply_text(QUESTIONS[0])
    return 0


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer, and ask the next question."""
    number = len(context.user_data)
    context.user_data[f"answer_{number}"] = update.message.text
    if number + 1 < len(QUESTIONS):
        await update.message.reply_text(QUESTIONS[number + 1])
        return number + 1
    await update.message.reply_text(closing(context.user_data))
    return ConversationHandler.END


class Kept(BaseRequest):
    """Takes what is sent, and keeps the last line to each person."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.last: dict[int, str] = {}

    @property
    def read_timeout(self) -> float | None:
        """Wait for nothing."""
        return None

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self, url: str, request_data: RequestData | None = None, **_kwargs: object
    ) -> tuple[int, bytes]:
        """Take a message, or say who the bot is."""
        result: dict[str, Any] = {"id": 1, "is_bot": True, "first_name": "bot", "username": "bot"}
        if request_data and url.endswith("/sendMessage"):
            chat, text = request_data.parameters["chat_id"], request_data.parameters["text"]
            self.last[chat] = text
            result = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "text": text}
        return 200, json.dumps({"ok": True, "result": result}).encode()


def built(file: Path, request: Kept) -> Application[Any, Any, Any, Any, Any, Any]:
    """Return the application as the documentation's persistent conversation is built."""
    states = {number: [MessageHandler(filters.TEXT & ~filters.COMMAND, answer)] for number in range(len(QUESTIONS))}
    entry = [CommandHandler("start", start)]
    handler = ConversationHandler(entry, states, [], allow_reentry=True, name="interview", persistent=True)
    builder = Application.builder().token("1:token").persistence(PicklePersistence(filepath=file)).job_queue(None)
    application = builder.updater(None).request(request).get_updates_request(request).build()
    application.add_handler(handler)
    return application


async def measure(folder: Path) -> None:
    """Time it as it comes, then with the state written after each turn. It takes one update after the other."""
    kept, ids = Kept(), count()
    application = built(folder / "state.pickle", kept)
    each_turn = False

    async def say(person: int, text: str) -> str:
        command = text == GREETING
        text, entities = ("/start", START) if command else (text, ())
        user, chat = User(person, "Ann", is_bot=False), Chat(person, "private")
        message = Message(next(ids), AT, chat, from_user=user, text=text, entities=entities)
        message.set_bot(application.bot)
        await application.process_update(Update(next(ids), message=message))
        if each_turn:
            await application.update_persistence()
        return kept.last[person]

    async with application:
        await application.start()
        await time(AS_IT_COMES, say)
        each_turn = True
        await time(EACH_TURN, say)
        await application.stop()


asyncio.run(measure(Path(sys.argv[1])))
