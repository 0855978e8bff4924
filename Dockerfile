# The one image of web, worker, beat and migrate. See docs/how-to/run-in-production.md.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS packages
COPY requirements.txt /
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /requirements.txt

FROM python:${PYTHON}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=kpiboard.settings \
    KPIBOARD_VAR=/var/lib/kpiboard \
    GUNICORN_CMD_ARGS="--bind=0.0.0.0:8000 --worker-tmp-dir=/dev/shm"
# The folders exist with their owner so that volumes mounted there begin with it.
RUN useradd --system --uid 10001 --home-dir /var/lib/kpiboard --no-create-home --shell /usr/sbin/nologin kpiboard \
    && install -d -o kpiboard -g kpiboard /var/lib/kpiboard /var/lib/kpiboard/beat /var/lib/kpiboard/mail
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/kpiboard
COPY . .
# The key is thrown away with this step; nothing that it signs is kept.
RUN python -m compileall -q . \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" python manage.py collectstatic --noinput

USER kpiboard
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "kpiboard.wsgi", "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--access-logfile", "-"]
