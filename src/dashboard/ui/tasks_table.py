"""What the page of the list offers to take away: the ledger, filtered as it is, as CSV and as a workbook."""

from __future__ import annotations

import pandas as pd

from ..readouts.choice import assignments, part
from ..readouts.ledger import OFFICE_COLUMNS, OWN_WORDS, UNOFFICIAL, kept
from ..readouts.measures import ListReadout
from . import cached, draw, sheets, task_bar
from .address import View
from .cached import Key
from .draw import Filters
from .sheets import Layout
from .task_bar import choice_of, organisation_of

NAME = ("任务清单", "泉州市")
# Behind the columns of an office, the period of a figure and whether it is an older one go with it on paper.
_PRINTED = len(OFFICE_COLUMNS) + 2


def offer(view: View, key: Key, found: ListReadout) -> None:
    """Both buttons in the top line."""
    filters = filters_of(view, found)
    draw.download(view, lambda: as_frame(view, key, found), *NAME, key="csv", filters=filters, own=OWN_WORDS)
    sheets.offer(
        view,
        lambda: as_frame(view, key, found),
        *NAME,
        key="xlsx",
        filters=filters,
        layout=layout(found),
    )


def _as_shown(view: View) -> View:
    """The view with the filters that its board heeds: whose measures they are is asked of all of them.

    There only the organisation counts.
    """
    return view.without(*_OF_MEASURES) if view.show == "who" else view


_OF_MEASURES = ("direction", "aspect", "project", "light", "window", "scope")


def as_frame(view: View, key: Key, found: ListReadout) -> pd.DataFrame:
    """The assignments that meet the filters, in the order of the list.

    Light and due window are asked of the assignment itself: it stands here when it has that light, or is itself
    due then and not done, whatever the worst light is that its measure bears on the page. Direction, aspect,
    project and scope are asked of its measure. Of one organisation: what it answers for, and of what it leads
    everybody's.
    """
    choice = choice_of(_as_shown(view))
    numbers = [measure.number for measure in part(found, choice)]
    return kept(cached.ledger(key), numbers, choice.organisation, assignments(found, choice))


def filters_of(view: View, found: ListReadout) -> Filters:
    """What narrows the ledger, in words: a chosen period, then the filters."""
    view = _as_shown(view)
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    own = names.get(organisation_of(view), "")
    told = [
        (label, own if parameter in ("org", "unit") else value)
        for parameter, label, value in task_bar.words(view, found)
    ]
    return [*draw.period_of(view), *told]


def layout(found: ListReadout) -> Layout:
    """How the ledger stands in a workbook."""
    marked = found.official or UNOFFICIAL in found.title
    return Layout(
        tab=NAME[0],
        title="任务清单台账" if found.official else f"任务清单台账（{UNOFFICIAL}）",
        source=found.title if marked else f"{found.title}（{UNOFFICIAL}）",
        lights="亮灯",
        percents=("完成比例",),
        own=OWN_WORDS,
        printed=_PRINTED,
    )
