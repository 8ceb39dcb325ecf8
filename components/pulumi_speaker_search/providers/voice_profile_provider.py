"""The CRUD of a voice profile: convert → life cycle → convert."""

from __future__ import annotations

from typing import Final

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from ..lifecycle import profile_outcome, voice_enrolment, voice_profile
from ..lifecycle.clock import iso
from ..lifecycle.errors import WaitTimeoutError
from ..lifecycle.profile_outcome import ProfileOutcome
from ..lifecycle.request_schema import GET_SPEAKER_SEARCH_TASK, MAX_TAGS, START_SPEAKER_SEARCH_TASK
from ..lifecycle.request_validation import validate, validate_tags
from .aws_provider import (
    CLOCK,
    AwsProvider,
    Props,
    check_result,
    is_same_json,
    removed_inputs,
    validate_timeouts,
)
from .inputs import is_unknown
from .voice_profile_inputs import VoiceProfileInputs, VoiceProfileRecord

RULES: Final = {
    "speaker_search_task_id": GET_SPEAKER_SEARCH_TASK["speaker_search_task_id"],
    "media_pipeline_id": GET_SPEAKER_SEARCH_TASK["identifier"],
    "voice_profile_domain_arn": START_SPEAKER_SEARCH_TASK["voice_profile_domain_arn"],
}
TASK_ID: Final = "speaker_search_task_id"
REPLACING: Final = ("voice_profile_domain_arn", "region")
"""Inputs of which a change deletes the profile, which `protect` prevents, and enrols another one."""
IN_PLACE: Final = (TASK_ID, "media_pipeline_id", "tags", "timeout_seconds", "adopt")


class VoiceProfileProvider(AwsProvider):
    """The provider of voice profiles, `pulumi-python:dynamic/chime:VoiceProfile`."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Return the inputs with everything that is wrong with them. AWS is not called."""
        found = [
            *validate(RULES, news, is_unknown),
            *validate_tags(news.get("tags"), is_unknown, max_tags=MAX_TAGS["voice profile"]),
            *validate_timeouts(news.get("timeout_seconds")),
        ]
        return check_result(news, found)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Return what a change of the inputs means. Another search enrols the same profile again, in place."""
        replaces = [name for name in REPLACING if not is_same_json(_olds.get(name), _news.get(name))]
        if _is_to_adopt(_id, _olds, _news):
            replaces.append("adopt")
        changed = any(not is_same_json(_olds.get(name), _news.get(name)) for name in IN_PLACE)
        return DiffResult(changes=bool(replaces) or changed, replaces=replaces, delete_before_replace=True)

    def create(self, props: Props) -> CreateResult:
        """Enrol the voice of the search, or take over the profile that `adopt` names."""
        inputs = VoiceProfileInputs.parse(props)
        aws, wanted = self._aws(inputs.domain_arn, region=inputs.region), inputs.enrolment("create")
        if inputs.adopt is None:
            profile = voice_enrolment.enrol(aws, wanted)
        else:
            profile = voice_enrolment.adopt(aws, inputs.adopt, wanted)
        accepted = {"accepted_at": iso(CLOCK.now())}
        return CreateResult(
            profile.id, {**props, **profile_outcome.to_outputs(profile, CLOCK.now()), **accepted}
        )

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the profile as AWS has it. What is gone or has expired stays in state, and nobody is enrolled."""
        inputs, record = VoiceProfileInputs.parse(props), VoiceProfileRecord.parse(props)
        aws = self._aws(inputs.domain_arn, region=inputs.region)
        try:
            profile = voice_profile.fetch_confirmed_voice_profile(
                aws,
                id_,
                account_arn=inputs.domain_arn,
                timeout_seconds=inputs.timeout_of("read"),
                age_seconds=record.age_seconds(CLOCK.now()),
            )
        except WaitTimeoutError as unclear:
            aws.warn(str(unclear))
            return ReadResult(id_, props)
        outputs: Props = {**props, "outcome": ProfileOutcome.GONE.value}
        if profile is not None:
            outputs.update(profile_outcome.to_outputs(profile, CLOCK.now()))
        if outputs["outcome"] == ProfileOutcome.GONE != record.outcome:
            aws.warn(
                f"voice profile {id_} is gone: it was deleted, as after a withdrawal, or AWS has let it expire. It "
                "stays in state, and nobody is enrolled in its place."
            )
        return ReadResult(id_, outputs)

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Enrol the voice of another search in the same profile; other changes concern state alone."""
        outputs = {**_olds, **removed_inputs(_olds, _news, IN_PLACE), **_news}
        if is_same_json(_olds.get(TASK_ID), _news.get(TASK_ID)):
            return UpdateResult(outputs)
        inputs = VoiceProfileInputs.parse(_news)
        aws = self._aws(inputs.domain_arn, region=inputs.region)
        profile = voice_enrolment.enrol_again(aws, _id, inputs.enrolment("update"))
        return UpdateResult({**outputs, **profile_outcome.to_outputs(profile, CLOCK.now())})

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the profile, irreversibly, and see that AWS does not find it any more."""
        inputs, record = VoiceProfileInputs.parse(_props), VoiceProfileRecord.parse(_props)
        voice_profile.delete_voice_profile(
            self._aws(inputs.domain_arn, region=inputs.region),
            _id,
            account_arn=inputs.domain_arn,
            timeout_seconds=inputs.timeout_of("delete"),
            age_seconds=record.age_seconds(CLOCK.now()),
        )


def _is_to_adopt(id_: str, olds: Props, news: Props) -> bool:
    """Tell whether another profile than the present one is to be taken over. Adopting acts once."""
    adopt = news.get("adopt")
    if not adopt or is_unknown(adopt) or adopt == olds.get("adopt"):
        return False
    return voice_profile.id_of(str(adopt)) != id_


# State holds the path of the package; see its docstring.
VoiceProfileProvider.__module__ = "pulumi_speaker_search.providers"
