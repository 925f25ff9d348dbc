"""Buttons, menus, commands, shortcuts and windows, in the direct messages and elsewhere."""

import pytest

from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import TRIGGER_LASTS, Channel, Json


async def venting_over(bot: Bot, ann: Person) -> None:
    """Bring somebody to the question with the menu."""
    for line in ("I got rejected by Stark", "straight on", "4"):
        await bot.took(await ann.writes(line))


async def planning(bot: Bot, ann: Person) -> None:
    """Bring somebody to the question with the form."""
    for _ in range(40):
        if any(one["action_id"].startswith("o:form") for one in ann.last().elements):
            return
        journey = await bot.store.journey(ann.known_as)
        first = {"length": "straight_on", "learnt": "all_right"}.get(journey.step, ann.last().elements[0])
        choice = first if isinstance(first, str) else first.get("action_id")
        if ann.last().elements[0]["type"] == "static_select":
            choice = ann.last().elements[0]["options"][0]["value"]
        await bot.took(await ann.presses(str(choice)))
    raise AssertionError(journey.step)


async def test_a_tap_replaces_the_buttons_by_what_was_chosen(bot: Bot, ann: Person) -> None:
    """The question stays to be read, and the next one has buttons of its own."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    message = ann.last()
    question = message.shown
    await bot.took(await ann.presses("This evening"))
    assert message.shown == f"{question}\n\N{CHECK MARK} This evening"
    assert not message.elements
    assert ann.last() is not message


async def test_a_button_that_is_pressed_twice_answers_once(bot: Bot, ann: Person) -> None:
    """The second press is known as the same, or explained as old."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    message = ann.last()
    action = dict(message.elements[0])
    first = await ann.acts(action, message)
    await bot.took(first)
    seen = len(ann.sees())
    await bot.took(bot.server.bring("interactive", first.payload))
    assert len(ann.sees()) == seen
    await bot.took(await ann.acts(action, message))
    assert "earlier" in ann.sees()[seen].shown or "older" in ann.sees()[seen].shown


@pytest.mark.parametrize("action_id", ["o:tap:x:y", "nothing", "o:form", "o:menu:1", "o:command:nothing", ""])
async def test_a_button_that_nobody_knows_is_explained(bot: Bot, ann: Person, action_id: str) -> None:
    """As one of a later release may be."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    seen = len(ann.sees())
    await bot.took(await ann.acts({"type": "button", "action_id": action_id}, ann.last()))
    assert len(ann.sees()) > seen


async def test_an_answer_in_a_channel_is_seen_by_one_person(bot: Bot, ann: Person, ben: Person, town: Channel) -> None:
    """The whole talk can go on there, unseen by others."""
    await bot.took(await ann.uses("rejected", "Stark", town))
    assert "Stark" in ann.sees(town)[0].shown
    assert ben.sees(town) == []
    assert ann.sees() == []
    await bot.took(await ann.presses("evening", town))
    assert any("This evening" in message.shown for message in ann.sees(town))
    assert "Tonight" in ann.sees(town)[-1].shown
    opened = await bot.took(await ann.presses("In my own words", town))
    await bot.took(await ann.fills(opened, text="the recruiter said soon for three weeks"))
    assert ben.sees(town) == []
    assert (await bot.store.journey(ann.known_as)).venting is not None


async def test_a_command_in_the_direct_messages_is_answered_there_for_good(bot: Bot, ann: Person) -> None:
    """What only one person sees is gone when they look again; here nobody else is."""
    await bot.took(await ann.uses("onward", "I got rejected by Stark"))
    assert "Stark" in ann.sees()[0].shown
    assert not any(message.only_for for message in ann.sees())


async def test_a_command_in_somebody_elses_direct_messages_is_unseen_by_them(
    bot: Bot, ann: Person, ben: Person, server: Server
) -> None:
    """Their channel looks like the bot's own, and is not."""
    theirs = server.world.add_channel(server.team, {ann.user.id, ben.user.id}, kind="private im")
    await bot.took(await ann.uses("rejected", "Stark", theirs))
    assert "Stark" in ann.sees(theirs)[0].shown
    assert ben.sees(theirs) == []


async def test_what_does_not_fit_into_the_answer_goes_to_the_direct_messages(
    bot: Bot, ann: Person, town: Channel, server: Server
) -> None:
    """Slack takes five messages for half an hour; nothing is lost after that."""
    await bot.took(await ann.uses("rejected", "Stark", town))
    server.world.moved += 31 * 60
    for url in server.world.urls.values():
        url.uses = 5
    pressed = await ann.presses("evening", town)
    server.world.urls[pressed.payload["response_url"].rpartition("/")[2]].uses = 5
    await bot.took(pressed)
    assert "Tonight" in ann.sees()[-1].shown


@pytest.mark.parametrize(
    ("text", "told"),
    [("help", "stop"), ("", "What"), ("plan", "plan"), ("I got rejected by Stark", "Stark"), ("/progress", "Where")],
)
async def test_the_one_command_takes_what_the_terminal_takes(bot: Bot, ann: Person, text: str, told: str) -> None:
    """Lines and commands, with a slash or without."""
    await bot.took(await ann.uses("onward", text))
    assert any(told in message.shown for message in ann.sees())


async def test_more_than_five_choices_become_a_menu(bot: Bot, ann: Person) -> None:
    """And one of it is chosen like a button."""
    await venting_over(bot, ann)
    for _ in range(30):
        menus = [one for one in ann.last().elements if one["type"] == "static_select"]
        if menus:
            break
        await bot.took(await ann.presses(ann.last().elements[0]["action_id"]))
    assert len(menus[0]["options"]) > 5
    chosen, message = menus[0]["options"][1], ann.last()
    await bot.took(await ann.presses(chosen["value"]))
    assert f"\N{CHECK MARK} {chosen['text']['text']}" in message.shown


async def test_a_form_is_opened_checked_in_its_place_and_sent(bot: Bot, ann: Person) -> None:
    """What is missing is said beside the field; what was written stays until it is kept."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    await planning(bot, ann)
    message = ann.last()
    button = next(one for one in message.elements if one["action_id"].startswith("o:form"))
    opened = await bot.took(await ann.presses(button["action_id"]))
    empty = await bot.took(await ann.fills(opened))
    assert empty.answer is not None
    assert empty.answer["response_action"] == "errors"
    assert "nothing here yet" in str(empty.answer["errors"])
    words = {"cue": "I sit down on Monday", "will": "send one application"}
    bot.host.fails = 1
    failed = await bot.took(await ann.fills(opened, **words))
    assert failed.answer is not None
    assert "still here" in next(iter(failed.answer["errors"].values()))
    sent = await bot.took(await ann.fills(opened, **words))
    assert sent.answer is None
    assert not message.elements
    journey = await bot.store.journey(ann.known_as)
    assert "Monday" in str([(action.cue, action.will) for action in (*journey.actions, journey.draft) if action])


async def test_a_window_that_opens_too_late_breaks_nothing(bot: Bot, ann: Person, town: Channel) -> None:
    """Slack lets a window be opened for three seconds; the button works again."""
    await bot.took(await ann.uses("rejected", "Stark", town))
    pressed = await ann.presses("In my own words", town)
    bot.server.world.triggers[pressed.payload["trigger_id"]].began -= TRIGGER_LASTS + 1
    await bot.took(pressed)
    assert bot.server.world.triggers[pressed.payload["trigger_id"]].view is None
    assert (await bot.took(await ann.presses("In my own words", town))).acknowledged == 1


async def test_a_window_of_somebody_else_is_refused(bot: Bot, ann: Person, ben: Person, town: Channel) -> None:
    """Nobody can answer in another's journey, whatever they send."""
    await bot.took(await ann.uses("rejected", "Stark", town))
    opened = await bot.took(await ann.presses("In my own words", town))
    view = bot.server.world.triggers[opened.payload["trigger_id"]].view
    assert view is not None
    taken, bot.server.patience = list(bot.host.taken), 0.3
    for private in (view["private_metadata"], "", "nonsense", '{"person":"slack:T1/U1"}'):
        forged = await ben.sends({**view, "private_metadata": private}, text="I take over")
        await bot.server.world.until(forged.done.is_set)
        assert forged.acknowledged == 0
    assert bot.host.taken == taken


async def test_a_rejection_is_read_by_the_shortcut(bot: Bot, ann: Person, town: Channel) -> None:
    """In a channel so that only that person sees it; without text it says what is needed."""
    mail = (
        "Dear Ann, thank you for your interest in the position of welder at Stark. After careful consideration we "
        "have decided to move forward with other candidates. We encourage you to apply again. Kind regards, Stark HR"
    )
    await bot.took(await ann.shortcut(mail, town))
    assert "sorry" in ann.sees(town)[0].shown
    await bot.took(await ann.shortcut("", town))
    assert "paste" in " ".join(message.shown for message in ann.sees(town)).lower()


async def test_unknown_commands_and_shortcuts_are_refused(bot: Bot, ann: Person) -> None:
    """As of another app that was pointed here by mistake."""
    bot.server.patience = 0.3
    used = await ann.uses("plan")
    stranger = bot.server.bring("slash_commands", {**used.payload, "command": "/deploy"})
    await bot.server.world.until(stranger.done.is_set)
    assert stranger.acknowledged == 0


@pytest.mark.parametrize("act", ["press", "command"])
async def test_what_cannot_be_kept_is_said_and_can_be_done_again(
    bot: Bot, ann: Person, town: Channel, act: str
) -> None:
    """The buttons stay."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    message, seen = ann.last(), len(ann.sees())
    bot.host.fails = 1
    await bot.took(await (ann.presses("evening") if act == "press" else ann.uses("plan", "", town)))
    told = ann.sees()[seen:] if act == "press" else ann.sees(town)
    assert "wrong on my side" in told[0].shown
    assert message.elements
    await bot.took(await ann.presses("evening", message=message))
    assert not message.elements


# The Home tab


def headings(home: Json) -> list[str]:
    """Return the headings of a Home tab."""
    return [block["text"]["text"] for block in home["blocks"] if block["type"] == "header"]


async def test_the_home_tab_shows_everything_and_follows_each_turn(bot: Bot, ann: Person) -> None:
    """Where I am, my plan to tick, what is true, settings, and help now."""
    await bot.took(await ann.opens_home())
    assert "I got rejected" in str(ann.home)
    await bot.took(await ann.presses_home("I got rejected"))
    assert headings(ann.home) == ["Where you are"]
    await planning(bot, ann)
    for _ in range(30):
        journey = await bot.store.journey(ann.known_as)
        if journey.actions and journey.step == "rest":
            break
        choice = "leave_clock" if journey.step == "clock" else ann.last().elements[0]["action_id"]
        await bot.took(await ann.presses(choice))
    assert "Your plan: tick what is done" in headings(ann.home)
    boxes = next(
        one for block in ann.home["blocks"] for one in block.get("elements", ()) if one["type"] == "checkboxes"
    )
    words = boxes["options"][0]["text"]["text"]
    seen = len(ann.sees())
    await bot.took(await ann.presses_home(boxes["action_id"], [words]))
    assert (await bot.store.journey(ann.known_as)).actions[0].state == "done"
    assert len(ann.sees()) == seen, "a tick says nothing"
    boxes = next(
        one for block in ann.home["blocks"] for one in block.get("elements", ()) if one["type"] == "checkboxes"
    )
    assert [option["text"]["text"] for option in boxes["initial_options"]] == [words]
    await bot.took(await ann.presses_home(boxes["action_id"], []))
    assert (await bot.store.journey(ann.known_as)).actions[0].state == "open"


async def test_help_export_and_erase_are_one_press_away(bot: Bot, ann: Person) -> None:
    """They are answered in the direct messages; after erasing, the tab is as for a stranger."""
    await bot.took(await ann.opens_home())
    await bot.took(await ann.presses_home("I got rejected"))
    await bot.took(await ann.presses_home("Talk to a human now"))
    assert any("findahelpline.com" in message.shown for message in ann.sees())
    await bot.took(await ann.presses_home("Show what is kept"))
    await bot.took(await ann.presses_home("Erase everything"))
    await bot.took(await ann.presses(ann.last().elements[0]["action_id"]))
    assert headings(ann.home) == []


async def test_settings_are_checked_in_their_place(bot: Bot, ann: Person) -> None:
    """A zone that nobody knows is said beside the field."""
    await bot.took(await ann.opens_home())
    opened = await bot.took(await ann.presses_home("Change settings"))
    wrong = await bot.took(await ann.fills(opened, zone="Berlin", country="Germany"))
    assert wrong.answer is not None
    assert set(wrong.answer["errors"]) == {"zone", "country"}
    await bot.took(await ann.fills(opened, zone="Europe/Berlin", country="de"))
    settings = (await bot.store.journey(ann.known_as)).settings
    assert (settings.zone, settings.country) == ("Europe/Berlin", "DE")
    assert "Europe/Berlin" in str(ann.home)


async def test_the_helplines_can_be_tapped(bot: Bot, ann: Person) -> None:
    """Their addresses are links; nobody else's are."""
    await bot.took(await ann.uses("onward", "helpline"))
    assert '"link"' in str(ann.sees()[-2].blocks).replace("'", '"') or "link" in str([one.blocks for one in ann.sees()])
