"""Readings in, plain ECharts options out. Pure: no store, no screen."""
