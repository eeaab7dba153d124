"""``python -m reglint`` is ``reglint``."""

from reglint.cli import main

if __name__ == "__main__":
    main(prog_name="reglint")
