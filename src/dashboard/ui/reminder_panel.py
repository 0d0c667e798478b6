"""催报: who is asked for what, and the text for one of them, ready to be copied.

At the desk sits the data officer, who sends each organisation its own text. On the wall nothing can be copied:
there stands only who owes how much.
"""

from __future__ import annotations

import pandas as pd

from ..readouts.reminders import Reminder
from . import cached, draw
from .address import View
from .cached import Key
from .task_bar import organisation_of
from .theme import SHAPES


@draw.remembered
def reminders_panel(view: View, key: Key) -> None:
    """The organisations that owe something, in the official order, and the text for the chosen one."""
    rows = cached.reminders(key)
    names = draw.names()
    later = _later(key)
    with draw.sheet("reminders"):
        aside = f"{len(rows)} 个单位" if rows else ""
        if view.period:
            aside += " · 按截至日，与数据期无关"
        draw.html("head.html", view, title="催报", switches=None, aside=aside)
        if not rows:
            lines = [later or "没有逾期、滞后或未报送的措施，月度数据也已报齐。"]
            draw.html("notice.html", view, title="没有需要催报的单位", lines=lines, links=[])
            return
        if later:
            draw.html("waiting.html", view, text=later)
        one = chosen(view, rows)
        if one is None:
            draw.html("waiting.html", view, text=f"{names[organisation_of(view)]}没有需要催报的事项。")
        told = [
            {
                "name": names[row.organisation],
                "href": view.here("tasks", show="remind", org=row.organisation),
                "on": one is not None and row.organisation == one.organisation,
                "overdue": row.overdue,
                "far_behind": row.far_behind,
                "behind": row.behind,
                "silent": row.silent,
                "figures": row.figures,
            }
            for row in rows
        ]
        letter = one and {
            "name": names[one.organisation],
            "href": view.here("tasks", show="remind", org=one.organisation),
            "text": one.text,
        }
        # Whoever printed the text of one organisation wants that text, not who else owes something.
        alone = bool(organisation_of(view)) and one is not None
        draw.html("reminders.html", view, rows=told, chosen=letter, alone=alone, shapes=SHAPES)


def _later(key: Key) -> str:
    """Why some measures read 未报送 on the screen and stand in no text; empty when there are none."""
    found = cached.not_yet_owed(key)
    if found is None:
        return ""
    return (
        f"{found.measures} 条措施亮“未报送”而未催报：清单施行或措施启动后的首个报送日"
        f"（{found.by.isoformat()}）未过。"
    )


def chosen(view: View, rows: tuple[Reminder, ...]) -> Reminder | None:
    """The one of the organisation in the address, else the first; None: the organisation owes nothing."""
    code = organisation_of(view)
    if not code:
        return rows[0]
    return next((row for row in rows if row.organisation == code), None)


# The columns of the file that stay Chinese in English.
OWN_WORDS = ("催报文字",)


def as_frame(key: Key) -> pd.DataFrame:
    """All texts: 单位, 条数 (what the organisation is asked for), 催报文字."""
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    return pd.DataFrame(
        [(names[row.organisation], row.count, row.text) for row in cached.reminders(key)],
        columns=["单位", "条数", "催报文字"],
    )
