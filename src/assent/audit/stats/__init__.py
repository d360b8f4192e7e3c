"""Estimates and their intervals, from counts."""
