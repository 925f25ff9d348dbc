"""The form that admins fill in: pages that Discord takes, with words for everything."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord import setup_form
from adapters.discord.setup_form import SetupForm
from dialogs import community
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community, Panel
from dialogs.helplines import countries
from tests.platforms.choices import choices
from tests.platforms.discord import rules

CATALOG = Catalog.load()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=choices("1442154013958742016", community.languages()),
    panel=st.sampled_from([None, Panel(channel="1", message="2")]),
    page=st.sampled_from(setup_form.PAGES),
    notes=st.lists(st.sampled_from(["kept", "missing_create_private_threads"]), max_size=5),
)
def test_every_page_of_the_form_is_one_that_discord_takes(
    now: Choices, panel: Panel | None, page: int, notes: Sequence[str]
) -> None:
    """Whatever is chosen; a country that is no longer listed is shown by its code."""
    form = SetupForm(CATALOG)
    told = form.page(Community(now=now, panel=panel), page, (), [form.words(note) for note in notes])
    assert [*rules.message(told, new=True)] == []
    assert len(told["content"]) <= 2000


def test_everything_that_can_be_chosen_has_words() -> None:
    """A country or a language that is added needs its name in community.toml."""
    names = [f"country_{one}" for one in countries()] + [f"language_{one}" for one in community.languages()]
    assert [name for name in names if f"community.{name}" not in CATALOG.lines] == []
    assert len(countries()) <= 25, "a menu of Discord has no more"
