"""What a web server calls for the floor of the check-in: the portal's settings and middleware, other addresses."""

from django.conf import settings

from wfh_portal.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = "bench.floor_view"
