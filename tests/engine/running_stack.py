"""A stack in which one search runs, put back to where its `up` has left it before each story that is played on it."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from tests.aws_account import client
from tests.engine.brought_stack import BroughtStack

TASK, PIPELINE = "chime:SpeakerSearchTask", "chime:MediaInsightsPipeline"


class RunningStack:
    """One `up` for several stories: each starts with the same state, the same tags in AWS and the same living task.

    The stories create nothing in AWS: the pipeline and the task that the `up` has started are all that there is.
    """

    def __init__(self, there: BroughtStack, kept: Path) -> None:
        """Run `up`, and copy what it has left into the folder `kept`."""
        self._there = there
        there.stack.up()
        self._pipeline = there.stack.outputs_of(PIPELINE)
        self._task_id = there.stack.outputs_of(TASK)["speaker_search_task_id"]
        self._client: Any = client("chime-sdk-media-pipelines", there.sandbox.endpoint)
        self._tags = self._tags_in_aws()
        self._kept = kept
        self._selections = Path(there.stack.environment["PULUMI_HOME"]) / "workspaces"
        shutil.copytree(there.stack.folder, kept / "project")
        shutil.copytree(self._selections, kept / "selections")

    def restored(self) -> BroughtStack:
        """Return the stack as its `up` has left it; in another backend none is selected in its folder any more."""
        shutil.rmtree(self._there.stack.folder)
        shutil.copytree(self._kept / "project", self._there.stack.folder)
        shutil.copytree(self._kept / "selections", self._selections, dirs_exist_ok=True)
        control = self._there.sandbox.control
        control.clear_faults()
        for identifier in (self._pipeline["media_pipeline_id"], self._task_id):
            control.force_status(identifier, "InProgress")
        arn = self._pipeline["media_pipeline_arn"]
        if added := list(self._tags_in_aws().keys() - self._tags.keys()):
            self._client.untag_resource(ResourceARN=arn, TagKeys=added)
        tags = [{"Key": key, "Value": value} for key, value in self._tags.items()]
        self._client.tag_resource(ResourceARN=arn, Tags=tags)
        restored = copy.copy(self._there)
        assert restored.alive() == [self._task_id]
        return restored

    def _tags_in_aws(self) -> dict[str, str]:
        listed = self._client.list_tags_for_resource(ResourceARN=self._pipeline["media_pipeline_arn"])
        return {tag["Key"]: tag["Value"] for tag in listed["Tags"]}
