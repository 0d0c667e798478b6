"""Situation screen of a city social work department."""

__version__ = "0.1.0"
