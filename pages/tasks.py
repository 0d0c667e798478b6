"""任务清单: how many of the measures are done and should be, which press, and whose they are."""

import streamlit as st

from dashboard.ui import cached, list_panels, tasks, tasks_table
from dashboard.ui.here import here

view, key = here()
found = cached.list_readout(key)

with st.container(key="tasks"):
    list_panels.gauge_panel(view, key)
    list_panels.aspects_panel(view, key)
if found is not None:
    tasks.filters(view, key)
    tasks.table_panel(view, key)
    tasks_table.offer(view, key, found)
