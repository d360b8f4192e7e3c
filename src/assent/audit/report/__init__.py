"""The report of an audit: sentences, figures and tables, safe to publish."""
