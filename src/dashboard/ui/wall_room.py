"""How many rows of a list have room on a wall, where nobody scrolls: heights in pixels of a picture of 1920 x 1080."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from ..placing import text_width


def lines(text: str, width: int, letters: int, most: int = 2) -> int:
    """How many lines the text takes in this width; the stylesheet ends it after ``most``. 0 for no text."""
    whole = text_width(text, letters)
    # Of several none is filled to its end: a mark of punctuation takes the letter before it to the next.
    return min(most, ceil(whole / width) if whole <= width else ceil(whole / (width - letters)))


def rows_with_room(heights: Sequence[int], room: int, rest: int) -> int:
    """How many rows from the first on; where that is not all, above a line of height ``rest`` that counts the others.

    The first stays also where it alone has no room: a list of none would look like nothing to tell.
    """
    if sum(heights) <= room:
        return len(heights)
    shown, used = 0, rest
    for height in heights:
        used += height
        if used > room:
            break
        shown += 1
    return max(shown, 1)
