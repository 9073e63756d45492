"""Writes of the policy app, one transaction each."""

from policy.operations.drafts import adopt_draft, discard_draft, keep_files, open_draft, remove_file
from policy.operations.versions import REGULATIONS, LoadedRegulations, RegulationsRefused, load_regulations

__all__ = [
    "REGULATIONS",
    "LoadedRegulations",
    "RegulationsRefused",
    "adopt_draft",
    "discard_draft",
    "keep_files",
    "load_regulations",
    "open_draft",
    "remove_file",
]
