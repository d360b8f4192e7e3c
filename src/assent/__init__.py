"""Assent: a marketplace for commissioned generative-AI work, and the toolbox that keeps it consensual."""

__version__ = "0.1.0"
