# PoetBot in a container, for others to use: docs/serving.md says how. Without --auth-file or --public it doesn't start.

FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /venv/bin/python -m pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home poetbot && install --directory --owner poetbot --mode 700 /data
COPY --from=build /venv /venv
ENV PATH="/venv/bin:$PATH" POETBOT_HOME=/data PYTHONUNBUFFERED=1
USER 1000
WORKDIR /data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 7860), 5).close()"]
ENTRYPOINT ["poetbot", "app", "--host", "0.0.0.0", "--port", "7860"]
