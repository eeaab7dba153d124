"""``python -m reglint`` is ``reglint``."""

import sys


def run() -> None:
    """Start the command line; Ctrl-C is no failure while it is imported either."""
    try:
        from reglint.cli import main
    except KeyboardInterrupt:
        print("\nInterrupted; no file was changed.", file=sys.stderr)
        sys.exit(130)
    main(prog_name="reglint")


if __name__ == "__main__":
    run()
