# The web application, the worker and beat: one image. The database and the broker are others.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 VAR_DIR=/srv/var
WORKDIR /srv/rubric-studio

COPY requirements.txt ./
RUN pip install --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
# A named user: some programs refuse one that has a number alone.
RUN useradd --create-home --uid 10001 rubric \
    && mkdir -p /srv/var \
    && python -m rubric_studio.local.fonts \
    && BUILDING=1 python -m rubric_studio.local.static_files \
    && chown -R rubric /srv/var
USER rubric

EXPOSE 8000
CMD ["gunicorn", "rubric_studio.wsgi", "-k", "gthread", "-w", "2", "--threads", "4", \
     "-b", "0.0.0.0:8000", "--preload", "--keep-alive", "20", "--no-control-socket"]
