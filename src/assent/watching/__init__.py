"""Whom and what a member keeps an eye on, and which letters they want about it."""
