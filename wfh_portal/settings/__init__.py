"""Django settings. One module for every mode; PORTAL_MODE and the variables in `wfh_portal.environment` choose."""

from wfh_portal.settings.accounts import *  # noqa: F403
from wfh_portal.settings.base import *  # noqa: F403
from wfh_portal.settings.security import *  # noqa: F403
from wfh_portal.settings.tasks import *  # noqa: F403
