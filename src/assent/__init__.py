"""Assent: a marketplace for commissioned generative-AI work in which likeness needs consent."""

__version__ = "0.1.0"
