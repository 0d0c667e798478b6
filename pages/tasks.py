"""任务清单: how many of the measures are done and should be, which press, and whose they are."""

import streamlit as st

from dashboard.ui import board, cached, draw, task_bar, tasks
from dashboard.ui.here import here

view, key = here()
found = cached.list_readout(key)

task_bar.bar(view, key)
if view.show == "matrix":
    board.measures_matrix_panel(view, key)
elif view.show == "list":
    tasks.table_panel(view, key)
else:
    with st.container(key="board"):
        board.matrix_panel(view, key)
        board.gauge_panel(view, key)
        board.late_panel(view, key)
        board.due_panel(view, key)
if found is not None:
    draw.download(view, lambda: tasks.as_frame(view, found), "任务清单", "泉州市", key="csv")
