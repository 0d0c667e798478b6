"""任务清单: how many of the measures are done and should be, which press, and whose they are; or one of them."""

import streamlit as st

from dashboard.ui import (
    board,
    cached,
    draw,
    due_panels,
    measure_page,
    measure_table,
    reminder_panel,
    task_bar,
    tasks,
    tasks_table,
    who_panels,
)
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
    task_bar.bar(view, key)
    if view.show == "matrix":
        board.measures_matrix_panel(view, key)
    elif view.show == "list":
        tasks.table_panel(view, key)
    elif view.show == "who":
        with st.container(key="who"):
            who_panels.leads_panel(view, key)
            who_panels.responsible_panel(view, key)
    elif view.show == "remind":
        reminder_panel.reminders_panel(view, key)
    elif view.show == "when":
        due_panels.due_facts(view, key)
        with st.container(key="when"):
            due_panels.due_panel(view, key, 90)
            due_panels.overdue_panel(view, key)
    else:
        with st.container(key="board"):
            board.matrix_panel(view, key)
            board.gauge_panel(view, key)
            board.late_panel(view, key)
            board.claims_panel(view, key)
            board.due_panel(view, key)
    if found is not None and view.show == "remind":
        draw.download(
            view, lambda: reminder_panel.as_frame(key), "催报", key="csv", own=reminder_panel.OWN_WORDS
        )
    elif found is not None:
        tasks_table.offer(view, key, found)
