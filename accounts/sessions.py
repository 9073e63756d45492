"""Sessions in the database with a copy in the cache; the cache may be away or come back empty at any moment."""

from typing import Any

from django.contrib.sessions.backends import cached_db


class SessionStore(cached_db.SessionStore):
    """Django's `cached_db`; core.caching makes a cache that is away a miss."""

    def load(self) -> dict[str, Any]:
        """The session's content: from the cache, else from the database, and then copied to the cache.

        The copy is an `add` and not a `set`: it changes nothing, so a cache that is away need not be told later.
        """
        data = self._cache.get(self.cache_key)
        if data is not None:
            return data
        row = self._get_session_from_db()
        if row is None:
            return {}
        data = self.decode(row.session_data)
        self._cache.add(self.cache_key, data, self.get_expiry_age(expiry=row.expire_date))
        return data
