"""What admins see of the pulse of their community."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dialogs import pulse
from dialogs.catalog import Catalog
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.pulse import Figures
from dialogs.replies import Option, Page, Pick, Reply, Say, Section

SHOW = "pulse.show"

SECTIONS = {
    "people": (pulse.CAME,),
    "stages": pulse.STAGES_REACHED,
    "lessons": pulse.LESSONS,
    "sting": pulse.STING,
}


def page(months: Mapping[str, Figures], month: str, catalog: Catalog) -> Reply:
    """Return the page of a month, with a menu of those that something is shown of."""
    reply = _page("pulse.page", months[month], month, catalog) if month in months else _nothing(month, catalog)
    others = [one for one in months if one != month]
    return replace(reply, controls=(_menu(sorted(months, reverse=True), month, catalog),)) if others else reply


def note(figures: Figures, month: str, catalog: Catalog) -> Reply:
    """Return what the channel of the moderators gets after a month."""
    return _page("pulse.note", figures, month, catalog)


def refused(key: str, catalog: Catalog) -> Reply:
    """Return the line that says why nothing is shown."""
    return _said(Say(key=key), catalog)


def _page(key: str, figures: Figures, month: str, catalog: Catalog) -> Reply:
    sections = [Section(title=f"pulse.{title}", lines=_lines(of, figures)) for title, of in SECTIONS.items()]
    how = Section(title="pulse.how", lines=(Say(key="pulse.how_rounded"), Say(key="pulse.how_whole")))
    return _said(Page(key=key, sections=(*sections, how), params={"month": _named(month, catalog)}), catalog)


def _lines(of: Sequence[str], figures: Figures) -> tuple[Say, ...]:
    return tuple(
        Say(key=f"pulse.{figure}", params={"count": str(figures[figure])}) for figure in of if figure in figures
    )


def _nothing(month: str, catalog: Catalog) -> Reply:
    return _said(Say(key="pulse.nothing", params={"month": _named(month, catalog)}), catalog)


def _said(spoken: Say | Page, catalog: Catalog) -> Reply:
    (reply,) = phrase(Turn(journey=Journey(), says=(spoken,)), catalog)
    return reply


def _menu(months: Sequence[str], month: str, catalog: Catalog) -> Pick:
    options = tuple(Option(value=one, label=_named(one, catalog)) for one in months)
    picked = (month,) if month in months else ()
    return Pick(act=SHOW, label=catalog.plain("pulse.another_month"), options=options, picked=picked, least=1)


def _named(month: str, catalog: Catalog) -> str:
    year, number = month.split("-")
    return f"{catalog.lines['common.months'].say[int(number) - 1]} {year}"
