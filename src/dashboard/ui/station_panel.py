"""One station: what it offers, who runs it, how it has lived; until one is chosen, the towns without any."""

from __future__ import annotations

from ..readouts.stations import StationReadout
from . import cached, draw
from .address import View
from .cached import Key
from .printed import printed_rows
from .stations_page import INDICATOR, STATES, hours, nobody_reported
from .towns_without import towns_without

LIFE = ("planned", "built", "opened", "suspended", "closed")
EVERY_LIFE = ("planned", "built", "opened")  # what is told of every station, known or not


@draw.remembered
def detail_panel(view: View, key: Key) -> None:
    """One station: what it offers, who runs it, how it has lived. Until one is chosen, the towns without any."""
    with draw.sheet("station"):
        if view.station:
            _station(view, key)
        elif nobody_reported(key):
            _published(view, key)
        else:
            towns_without(view, key)


def _station(view: View, key: Key) -> None:
    found = next(iter(cached.station_details(key, (view.station,))), None)
    back = view.here("stations", station=None)
    if found is None:
        line = f"截至这一天，没有编号为 {view.station} 的驿站。"
        draw.html("opened.html", view, title="没有这个驿站", back=back, back_word="‹ 返回", aside="")
        draw.html("waiting.html", view, text=line)
        return
    names = {o.code: o.name for o in cached.stores().catalogue.organisations}
    life = [(*STATES[step], day) for step, day in _life(key, found)]
    where = f"{names.get(found.unit, '')}{names.get(found.town, '')} {found.address}"
    draw.html("opened.html", view, title=found.name, back=back, back_word="‹ 返回", aside="")
    draw.html(
        "station.html",
        view,
        station=found,
        state=STATES[found.state],
        where=where,
        former="、".join(cached.station_former_names(key, found)),
        hours=hours(found),
        life=life,
        ledger=found.told_on,
    )


def _life(key: Key, station: StationReadout) -> list[tuple[str, str]]:
    """Every step it took, in order, between those nobody wrote down and those that lie ahead."""
    happened = cached.station_life(key, station.station)
    missing = [step for step in EVERY_LIFE if step not in dict(happened)]
    ahead = [step for step in missing if LIFE.index(step) > LIFE.index(station.state)]
    return [
        *((step, "未记") for step in missing if step not in ahead),
        *((step, day.isoformat()) for step, day in happened),
        *((step, "尚未") for step in ahead),
    ]


def _published(view: View, key: Key) -> None:
    """Every published figure, with its source, while no ledger is there."""
    draw.html("head.html", view, title="公开过的驿站数", switches=None, aside="全市")
    draw.html("printed.html", view, rows=printed_rows(key, (INDICATOR,)))
