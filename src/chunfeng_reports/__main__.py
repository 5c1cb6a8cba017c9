"""``python -m chunfeng_reports``: the same as ``chunfeng``."""

from chunfeng_reports.cli import main

if __name__ == "__main__":
    main()
