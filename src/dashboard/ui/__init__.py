"""The only room that imports streamlit: shell, address, cached reads, panels, theme."""
