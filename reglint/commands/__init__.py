"""The commands that have a module of their own; ``reglint/cli.py`` has the others."""
