"""What a file is: format, hashes, metadata, training subject. Nothing here ever runs a file."""
