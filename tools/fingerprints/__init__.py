"""Invented LoRAs of real shapes, what people do to hide a copy, and how well copies are found."""
