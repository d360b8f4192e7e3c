"""Coding a sample by hand: drawn at random within strata, blinded, resumable, on a local page."""
