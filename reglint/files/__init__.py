"""Finding, reading and writing the documents that hold code."""
