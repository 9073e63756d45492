"""A pytest plugin for mutation testing: properties try few examples, and the same ones each time."""

import pytest
from hypothesis import Phase, settings

EXAMPLES = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the few in the place of however many a property asks for itself; nobody reads a shrunk counterexample."""
    for item in items:
        test = getattr(item, "obj", None)
        asked = getattr(test, "_hypothesis_internal_use_settings", None)
        if asked is not None:
            few = settings(
                asked,
                max_examples=min(asked.max_examples, EXAMPLES),
                phases=[Phase.explicit, Phase.generate],
                derandomize=True,
                database=None,
            )
            getattr(test, "__func__", test)._hypothesis_internal_use_settings = few
