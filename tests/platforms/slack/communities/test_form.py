"""The window that admins fill in is one that Slack takes, whatever is chosen."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import panel
from adapters.slack.setup_form import SetupForm
from dialogs import community
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community, Panel, chosen
from tests.platforms.choices import choices
from tests.platforms.slack import rules

CATALOG = Catalog.load()


@given(
    now=choices("C0123ABCD", ["xx", *community.languages()]),
    posted=st.sampled_from([None, Panel(channel="C1", message="2")]),
    before=st.sampled_from([None, Choices()]),
    notes=st.lists(st.sampled_from(["kept", "not_posted"]), max_size=2),
)
def test_every_window_is_one_that_slack_takes(
    now: Choices, posted: Panel | None, before: Choices | None, notes: Sequence[str]
) -> None:
    """Whatever is chosen; a country or language that is no longer listed is not shown as chosen."""
    form = SetupForm(CATALOG)
    view = form.view(Community(now=now, panel=posted, before=before), [form.words(note) for note in notes])
    assert [*rules.view(view)] == []
    assert [*rules.message(panel.rendered(CATALOG))] == []
    assert chosen(Community(), "country", ["GB"]).now.country == "GB"
