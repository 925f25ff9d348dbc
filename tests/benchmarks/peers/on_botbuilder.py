"""botbuilder: a WaterfallDialog. The SDK's only storages are in memory and in the cloud."""

import asyncio

from botbuilder.core import (
    BotAdapter,
    ConversationState,
    MemoryStorage,
    MessageFactory,
    TurnContext,
)
from botbuilder.dialogs import DialogSet, DialogTurnResult, DialogTurnStatus, WaterfallDialog, WaterfallStepContext
from botbuilder.dialogs.prompts import PromptOptions, TextPrompt
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse

from tests.benchmarks.peers.conversation import GREETING, QUESTIONS, Kind, closing, time

KIND = Kind(
    "botbuilder, WaterfallDialog",
    persists_each_turn=False,
    durable=False,
    note="in memory: it has no storage on disk; several at once change nothing, as no turn ever waits",
)
INTERVIEW = "interview"


async def step(context: WaterfallStepContext) -> DialogTurnResult:
    """Keep the answer to the question before, and ask the next one."""
    if context.index:
        context.values[f"answer_{context.index - 1}"] = context.result
    if context.index < len(QUESTIONS):
        prompt = PromptOptions(prompt=MessageFactory.text(QUESTIONS[context.index]))
        return await context.prompt(TextPrompt.__name__, prompt)
    answers = {name: said for name, said in context.values.items() if name.startswith("answer_")}
    await context.context.send_activity(closing(answers))
    return await context.end_dialog()


class Interviewer:
    """Runs the dialog, and saves the state at the end of each turn."""

    def __init__(self) -> None:
        """Build the dialog."""
        self.state = ConversationState(MemoryStorage())
        self.dialogs = DialogSet(self.state.create_property("DialogState"))
        self.dialogs.add(TextPrompt(TextPrompt.__name__))
        self.dialogs.add(WaterfallDialog(INTERVIEW, [step] * (len(QUESTIONS) + 1)))

    async def on_turn(self, turn: TurnContext) -> None:
        """Take one message."""
        dialogs = await self.dialogs.create_context(turn)
        if turn.activity.text == GREETING:
            await dialogs.cancel_all_dialogs()
        went = await dialogs.continue_dialog()
        if went.status is DialogTurnStatus.Empty:
            await dialogs.begin_dialog(INTERVIEW)
        await self.state.save_changes(turn)


class Kept(BotAdapter):
    """Takes what is sent, and keeps the last line to each person."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.last: dict[str, str] = {}

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Take messages."""
        self.last[context.activity.from_property.id] = activities[-1].text
        return [ResourceResponse(id="1") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Refuse: nothing is changed later."""
        raise NotImplementedError

    async def delete_activity(self, context: TurnContext, reference: object) -> None:
        """Refuse: nothing is deleted."""
        raise NotImplementedError


async def measure() -> None:
    """Time it."""
    adapter, interviewer = Kept(), Interviewer()

    async def say(person: int, text: str) -> str:
        name = str(person)
        activity = Activity(
            type=ActivityTypes.message,
            channel_id="chat",
            text=text,
            locale="en-us",
            from_property=ChannelAccount(id=name),
            recipient=ChannelAccount(id="bot"),
            conversation=ConversationAccount(id=name),
        )
        await adapter.run_pipeline(TurnContext(adapter, activity), interviewer.on_turn)
        return adapter.last[name]

    await time(KIND, say)


asyncio.run(measure())
