"""任务: how many of the measures are done and should be, which press, and whose they are."""

import streamlit as st

from dashboard.ui import cached, draw, due_panels, list_panels, reminder_panel, tasks, who_panels
from dashboard.ui.here import here

view, key = here()
found = cached.list_readout(key)
show = st.query_params.get("show")

if show == "who":
    with st.container(key="who"):
        who_panels.leads_panel(view, key)
        reminder_panel.reminders_panel(view, key)
        who_panels.responsible_panel(view, key)
elif show == "when":
    due_panels.due_facts(view, key)
    with st.container(key="when"):
        due_panels.due_panel(view, key, 90)
        due_panels.overdue_panel(view, key)
else:
    with st.container(key="tasks"):
        list_panels.gauge_panel(view, key)
        list_panels.aspects_panel(view, key)
    if found is not None:
        tasks.filters(view, key)
        tasks.table_panel(view, key)
        draw.download(view, lambda: tasks.as_frame(view, found), "任务清单", "泉州市", key="csv")
