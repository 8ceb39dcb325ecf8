"""The user's pip settings, handed on to uv, which reads none of them."""

import ast
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

# pip's sections, the later ones win: configuration files, their part for `install`, PIP_… variables.
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
    """What `pip config list` says, as option → value; empty where pip does not answer."""
    answer = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return parse(answer.stdout if answer.returncode == 0 else "")


def parse(listing: str) -> dict[str, str]:
    """Lines like `global.index-url='https://…'`, with the section that wins."""
    settings: dict[str, str] = {}
    for section in SECTIONS:
        for line in listing.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(f"{section}."):
                settings[name.removeprefix(f"{section}.")] = str(ast.literal_eval(value))
    return settings


def uv_environment(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: the user's UV_ variables, then pip's settings, and no file of uv's own."""
    result = {**environment, "UV_NO_CONFIG": "1"}
    for option, variable in RENAMED.items():
        value = " ".join(settings.get(option, "").split())
        if option == "find-links":
            # pip passes over a folder that is not there; uv ends.
            value = ",".join(place for place in value.split() if "://" in place or os.path.isdir(place))
        if value:
            result.setdefault(variable, value)
    if result.get("UV_INDEX"):
        # As pip does it. Which index a file comes from is no matter of trust here: its hash is locked.
        result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return result
