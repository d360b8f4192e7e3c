"""Reads exports as batches of raw rows: CSV, JSON Lines, JSON pages, Parquet, folders of them."""
