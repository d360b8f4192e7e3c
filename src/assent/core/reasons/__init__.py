"""Statements of reasons: what a restriction was, on which ground, found how and decided by whom."""
