"""`VoiceProfile`: create enrols a voice, read reports the profile, delete is the withdrawal of a person."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from collections.abc import Mapping

import pulumi
from pulumi.dynamic import Resource

from ..declaration_error import DeclarationError
from ..providers import VoiceProfileProvider
from ..pulumi_internals import prepare_program
from ..timeouts import TimeoutSeconds
from ..type_tokens import VOICE_PROFILE
from .aws_provider_option import refuse_foreign_aws_provider
from .ephemeral_options import (
    delete_by_itself,
    has_component_above,
    refuse_import,
    root_of_path,
    warn_of_consent,
)
from .properties import build_properties

NEVER_IGNORED = frozenset({"tags", "*", "**"})
"""Inputs whose change may have to refuse an enrolment."""


class VoiceProfile(Resource, module="chime", name="VoiceProfile"):
    """A voice profile: the stored voiceprint of one person, made with that person's consent.

    Create enrols the voice that a speaker search has heard, within 24 hours of the voiceprint, by a call that is sent
    once. Another `speaker_search_task_id` enrols the voice of that search in the same profile; it extends the 3 years
    for which AWS keeps it, and makes an expired profile valid again. Everything else changes in place, but for the
    domain, of which a change deletes the profile first.

    Deleting it deletes the voiceprint in AWS, irreversibly. It is therefore protected: Pulumi refuses to delete or
    replace it until it is declared with `opts=ResourceOptions(protect=False)`.

    A profile that is gone in AWS, or that AWS has let expire, stays in state with the outcome `gone`. Nobody is
    enrolled in its place. AWS can't tag it: its tags are in Pulumi state only, for policies, for the check of consent
    at an enrolment, and for the commands that act on a consent record.
    """

    type_token = VOICE_PROFILE
    outputs = (
        "voice_profile_id",
        "voice_profile_arn",
        "outcome",
        "created_timestamp",
        "updated_timestamp",
        "expires_at",
        "accepted_at",
    )

    speaker_search_task_id: pulumi.Output[str]
    media_pipeline_id: pulumi.Output[str]
    voice_profile_domain_arn: pulumi.Output[str]
    tags: pulumi.Output[Mapping[str, str] | None]
    voice_profile_id: pulumi.Output[str]
    voice_profile_arn: pulumi.Output[str]
    outcome: pulumi.Output[str]
    """`enrolled` or `gone`, as of the last read."""
    created_timestamp: pulumi.Output[str | None]
    updated_timestamp: pulumi.Output[str | None]
    expires_at: pulumi.Output[str | None]
    """When AWS lets it expire."""
    accepted_at: pulumi.Output[str]
    """When AWS had enrolled it, by this machine's clock."""

    def __init__(
        self,
        resource_name: str,
        *,
        speaker_search_task_id: pulumi.Input[str],
        media_pipeline_id: pulumi.Input[str],
        voice_profile_domain_arn: pulumi.Input[str],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        region: pulumi.Input[str] | None = None,
        timeout_seconds: pulumi.Input[TimeoutSeconds] | None = None,
        adopt: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the profile.

        Args:
            speaker_search_task_id: The search whose voiceprint is enrolled. Give the id of one search as a text: as an
                output of a search it would enrol whoever speaks next in the profile of this person.
            media_pipeline_id: Id or ARN of the pipeline of that search. The search is read before it is enrolled.
            voice_profile_domain_arn: The domain in which it searched. AWS creates the profile there.
            tags: The declared tags. Without valid consent tags nobody is enrolled.
            region: Where the domain is, if not in the region of its ARN.
            timeout_seconds: Seconds per operation.
            adopt: Id of an existing profile, to take over instead of enrolling. It acts once.
            opts: Pulumi's options. `protect` is true unless it is False here. Those that would lose the profile are
                refused.

        Raises:
            DeclarationError: An option is wrong or not supported.
        """
        opts = voice_profile_options(resource_name, opts)
        inputs = {
            "speaker_search_task_id": speaker_search_task_id,
            "media_pipeline_id": media_pipeline_id,
            "voice_profile_domain_arn": voice_profile_domain_arn,
            "tags": tags,
            "region": region,
            "timeout_seconds": timeout_seconds,
            "adopt": adopt,
        }
        super().__init__(
            VoiceProfileProvider(), resource_name, build_properties(inputs, outputs=self.outputs), opts
        )
        prepare_program()
        self.voice_profile_id = self.id  # which a preview of an update in place knows
        warn_of_consent(
            self,
            tags,
            effect="Nobody is enrolled under it. The profile stays in AWS until it is deleted.",
        )


def voice_profile_options(resource_name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with which a voice profile is registered: protected, unless `protect` is False.

    Raises:
        DeclarationError: The options would import it, drop it without a call to AWS, or ignore a change of consent.
    """
    refuse_foreign_aws_provider(resource_name, opts)
    opts = opts or pulumi.ResourceOptions()
    refuse_import(
        resource_name, opts, instead="`adopt`", unknown="from which search it was made", present="existing"
    )
    for option in ("retain_on_delete", "deleted_with"):
        if getattr(opts, option):
            raise DeclarationError(
                f"{resource_name}: the option {option} is not supported: Pulumi would remove the profile from state "
                "without a call to AWS: the voiceprint of a person would stay in AWS and be in no state, or its "
                "deletion would not be verified. Leave the option out."
            )
    ignored = sorted(path for path in opts.ignore_changes or () if root_of_path(path) in NEVER_IGNORED)
    if ignored:
        raise DeclarationError(
            f"{resource_name}: ignore_changes names {', '.join(ignored)}: a consent that is withdrawn there would not "
            "refuse an enrolment."
        )
    return pulumi.ResourceOptions.merge(
        opts,
        pulumi.ResourceOptions(
            protect=opts.protect is not False,
            delete_before_replace=True,
            retain_on_delete=False,
            transforms=[delete_by_itself] if has_component_above(opts) else None,
        ),
    )
