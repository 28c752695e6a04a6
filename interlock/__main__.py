"""The command `interlock`, also as `python -m interlock`: what `run.py` offers, under its own name."""

import sys

from interlock import refuse_strays


def main() -> None:
    """Where the installed command starts."""
    try:
        refuse_strays("run")
    except ImportError as error:
        sys.exit(str(error))
    from run import main as run_main

    run_main("interlock")


if __name__ == "__main__":
    main()
