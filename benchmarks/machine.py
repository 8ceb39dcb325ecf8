"""Describe the machine by what matters for the figures, without its name."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import psutil


def machine(environment: Mapping[str, str]) -> dict[str, str]:
    """Return processor, cores, memory and the measured versions."""
    engine = subprocess.run(
        ["pulumi", "version"], env=dict(environment), capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "processor": _processor(),
        "cores": str(psutil.cpu_count(logical=False) or psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "engine": engine,
        "pulumi (Python)": version("pulumi"),
        "load before": f"{psutil.getloadavg()[0]:.1f}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
