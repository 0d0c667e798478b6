"""任务清单: how many of the measures are done and should be, which press, and whose they are; or one of them."""

import streamlit as st

from dashboard.ui import cached, draw, list_panels, measure_page, measure_table, tasks
from dashboard.ui.here import here

view, key = here()
found = cached.list_readout(key)
detail = cached.measure(key, view.measure) if view.measure else None

if detail is not None:
    with st.container(key="measure"):
        measure_page.head(view, key)
        measure_page.facts(view, key)
        measure_page.course_panel(view, key)
        measure_page.parts_panel(view, key)
        measure_page.words_panel(view, key)
    draw.download(view, lambda: measure_table.as_frame(detail), "措施", view.measure, key="csv")
elif view.measure:
    measure_page.absent(view, key)
else:
    with st.container(key="tasks"):
        list_panels.gauge_panel(view, key)
        list_panels.aspects_panel(view, key)
    if found is not None:
        tasks.filters(view, key)
        tasks.table_panel(view, key)
        draw.download(view, lambda: tasks.as_frame(view, found), "任务清单", "泉州市", key="csv")
