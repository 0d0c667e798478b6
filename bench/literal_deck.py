"""A map that is a constant: what a page of literals hands to st.pydeck_chart."""

import pydeck as pdk


class LiteralDeck(pdk.Deck):
    """A Deck whose JSON is given and not built."""

    def __init__(self, text: str) -> None:
        super().__init__(map_provider=None, tooltip=False)
        self._text = text

    def to_json(self) -> str:
        """The text as it was recorded."""
        return self._text
