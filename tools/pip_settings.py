"""Pass the user's pip settings on to uv, which does not read them."""

import ast
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

# pip's sections; later ones take precedence: configuration files, their section for `install`, PIP_… variables.
SECTIONS = ("global", "install", ":env:")
RENAMED = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "proxy": "HTTPS_PROXY",
}


def read(python: Path) -> dict[str, str]:
    """Return the options of `pip config list`; empty if pip fails."""
    result = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return parse(result.stdout if result.returncode == 0 else "")


def parse(listing: str) -> dict[str, str]:
    """Parse lines like `global.index-url='https://…'`; for each option, the section of highest precedence."""
    settings: dict[str, str] = {}
    for section in SECTIONS:
        for line in listing.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(f"{section}."):
                settings[name.removeprefix(f"{section}.")] = str(ast.literal_eval(value))
    return settings


def uv_environment(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: the user's UV_ variables, then pip's settings, without uv's own files."""
    result = {**environment, "UV_NO_CONFIG": "1"}
    for option, variable in RENAMED.items():
        value = " ".join(settings.get(option, "").split())
        if option == "find-links":
            # pip ignores a folder that does not exist; uv fails.
            value = ",".join(link for link in value.split() if "://" in link or os.path.isdir(link))
        if value:
            result.setdefault(variable, value)
    if result.get("UV_INDEX"):
        # As pip does. The index of a file needs no trust here: its hash is locked.
        result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return result
