"""Whatever admins can have chosen for their community."""

from collections.abc import Sequence

from hypothesis import strategies as st

from dialogs import community
from dialogs.community import Choices
from dialogs.helplines import countries


def choices(place: str, languages: Sequence[str]) -> st.SearchStrategy[Choices]:
    """Return a strategy for choices, also of no listed country. place: a channel or role, as a platform says."""
    places = st.sampled_from(["", place])
    return st.builds(
        Choices,
        panel_channel=places,
        wins_channel=places,
        moderators_channel=places,
        mentors=places,
        country=st.sampled_from(["", "ZZ", *countries()]),
        language=st.sampled_from(languages),
        features=st.sampled_from([(), community.FEATURES]),
    )
