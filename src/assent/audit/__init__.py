"""Measures a marketplace from an export of it: its own, or any other one's. Needs no Django."""
