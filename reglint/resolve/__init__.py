"""What the names and expressions of a module mean, as values, across the files of a project."""
