"""Whether training runs on this machine or on a Ray cluster, which POETBOT_CLUSTER names."""

import os

from poetbot.installation import check_can_train, check_cluster_installed
from poetbot.settings import Settings

VARIABLE = "POETBOT_CLUSTER"


def cluster_address() -> str | None:
    """Return the address of the cluster, None if training runs on this machine."""
    return os.environ.get(VARIABLE, "").strip() or None


def check_can_start() -> None:
    """Raise PoetBotError if runs can't be started here. The error names the command that installs what is missing."""
    if cluster_address():
        check_cluster_installed()
    else:
        check_can_train()


def places() -> int:
    """Return how many runs can train at the same time."""
    return Settings.in_force().cluster_trainings if cluster_address() else 1


def worker_options() -> list[str]:
    """Return the arguments of the worker's command line other than the run."""
    address, settings = cluster_address(), Settings.in_force()
    if not address:
        return []
    return [
        "--engine=ray",
        f"--address={address}",
        f"--cpus={settings.cluster_cpus}",
        f"--gpus={settings.cluster_gpus}",
    ]
