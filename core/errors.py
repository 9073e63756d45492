"""Errors whose text is meant for people: one plain Indonesian sentence that says why and what to do."""


class PortalError(Exception):
    """Something that a person can put right."""


class SheetError(PortalError):
    """A file that cannot be read as a sheet."""
