FROM python:3.11-slim

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    DATA_DIR=/data

WORKDIR /app

# What WeasyPrint draws papers with.
RUN apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

# Before the code, so that a change to the code does not install everything anew.
COPY requirements-all.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-all.lock

# The program belongs to root and the service user only reads it; a fresh volume takes owner and mode of /data.
COPY . ./
RUN useradd --system --uid 10001 --no-create-home --home-dir /data center \
 && install -d -o center -g center -m 0700 /data

USER center
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:8000/health/ready', timeout=4)"]

CMD ["litestar", "run", "--host", "0.0.0.0", "--port", "8000"]
