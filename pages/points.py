"""观察联系点: who has not been visited for long, what was found and solved, what others took over; or one of them."""

from dashboard.ui import draw, point_page, points_page, points_table
from dashboard.ui.here import here

view, key = here()
if view.point:
    point_page.page(view, key)
else:
    points_page.page(view, key)
name = point_page.name(view, key) if view.point else "泉州市"
own = points_table.OWN_WORDS
draw.download(view, lambda: points_table.as_frame(view, key), "观察联系点", name, key="csv", own=own)
