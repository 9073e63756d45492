# One image for web, worker, beat and migrate; the command chooses.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --system --create-home --home-dir /var/lib/portal portal
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
# The static files are part of the image; the secret here is used for nothing else and is not kept.
RUN SECRET_KEY=build PORTAL_MODE=production PORTAL_DATA=/var/lib/portal \
    python manage.py collectstatic --no-input --verbosity 0 \
    && chown -R portal:portal /var/lib/portal
USER portal
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--workers=2", "--blocking-threads=4", "--blocking-threads-idle-timeout=600", \
     "--respawn-failed-workers", "--respawn-interval=0.5", "--host=0.0.0.0", "--port=8000", \
     "wfh_portal.wsgi:application"]
