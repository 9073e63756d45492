"""What a web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from wfh_portal.environment import share_counts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
share_counts()
application = get_wsgi_application()
# What start-up made lives as long as the process: no later collection of garbage has to look at it again.
gc.collect()
gc.freeze()
