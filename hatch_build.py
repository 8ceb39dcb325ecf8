"""Puts pulumi-plugin.json where Pulumi's Python host looks for it in an editable install too.

The host reads `<location>/pulumi_speaker_search/pulumi-plugin.json`, and pip's location of an editable install is
site-packages, where of the package is nothing. Without the file the host takes the package for one that has a plugin
of its own, and looks for it on every command.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLUGIN_FILE = "pulumi_speaker_search/pulumi-plugin.json"


class PluginFileHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's is generic over its own config
    """The wheel of an editable install has that one file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file to the wheel of an editable install; hatchling calls this before it builds."""
        if version == "editable":
            build_data["force_include_editable"][f"{self.root}/components/{PLUGIN_FILE}"] = PLUGIN_FILE
