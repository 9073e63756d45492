"""`python -m bench.one MODULE SIZE`: the measures of one module on the province that the environment names, as JSON."""

import importlib
import json
import sys

import django

# The worker's application names the settings, as it does for every program that is not manage.py.
from wfh_portal import celery as _settings  # noqa: F401


def main() -> None:
    """Import `bench.MODULE`, call its `measure(size)`, print what it found as the last line."""
    module, size = sys.argv[1], int(sys.argv[2])
    django.setup()
    found = importlib.import_module(f"bench.{module}").measure(size)
    sys.stdout.write(json.dumps([one.as_json() for one in found], default=str) + "\n")


if __name__ == "__main__":
    main()
