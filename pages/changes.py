"""变化: what moved between two days, since the last meeting unless another day is asked for."""

from dashboard.ui import changes_page, changes_table, draw, meeting_form
from dashboard.ui.here import here

view, key = here()
day = changes_page.since(view, key)

changes_page.choice(view, key, day)
meeting_form.form(view, key)
changes_page.sheets(view, key, day)
draw.download(view, lambda: changes_table.as_frame(key, day), "变化", f"自{day}", key="csv")
