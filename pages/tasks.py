"""任务清单: how many of the measures are done and should be, which press, and whose they are; or one of them."""

from functools import partial

from dashboard.readouts.ledger import OWN_WORDS
from dashboard.ui import (
    board,
    cached,
    draw,
    due_panels,
    matrices,
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
    measure_page.page(view, key)
    frame_of = partial(measure_table.as_frame, detail)
    period = draw.period_of(view) or None
    draw.download(view, frame_of, "措施", view.measure, key="csv", filters=period, own=OWN_WORDS)
elif view.measure:
    measure_page.absent(view, key)
else:
    task_bar.bar(view, key)
    if view.show == "matrix" and not view.wall:  # its form for a wall is that of the board
        matrices.measures_matrix_panel(view, key)
    elif view.show == "who":
        who_panels.whose(view, key)
    elif view.show == "remind":
        reminder_panel.reminders_panel(view, key)
    elif view.show == "when":
        due_panels.when(view, key)
    elif view.show == "list":
        tasks.table_panel(view, key)
    else:
        board.board(view, key)

if found is not None and not view.measure:
    if view.show == "remind":
        own = reminder_panel.OWN_WORDS
        draw.download(view, lambda: reminder_panel.as_frame(key), "催报", key="csv", own=own)
    else:
        tasks_table.offer(view, key, found)
