"""
gunicorn's settings: `gunicorn -c python:server.gunicorn_conf server.main:APP`. What `GUNICORN_CMD_ARGS` or the command
line say goes first.
"""

from __future__ import annotations

import os
import sys

from mnist.faults import SettingFault

from .settings import read_settings

try:
    settings = read_settings()
except SettingFault as fault:
    print(fault, file=sys.stderr, flush=True)
    sys.exit(fault.exit_code)

bind = f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = "uvicorn_worker.UvicornWorker"
# A file there is touched for each worker's sign of life; on a disk, a busy node delays it.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# It would be made in the home, which is read-only; nothing here uses it.
control_socket_disable = True
accesslog = "-"
# Below Kubernetes' 30 seconds between SIGTERM and the end.
graceful_timeout = 20
timeout = 60
# From one proxy's connections; above the idle time of the load balancers that keep connections open, such as 60 seconds.
keepalive = 75
