"""The measures of an audit, a file for each question that they answer."""
