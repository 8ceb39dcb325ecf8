"""The errors of docs/errors.md, in its order: title, when it happens, and what causes it here."""

from __future__ import annotations

from dataclasses import replace

from botocore.exceptions import NoCredentialsError
from pulumi_speaker_search.lifecycle import (
    analysis_task,
)
from pulumi_speaker_search.lifecycle.task_adoption import adopt
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    DOMAIN_ARN,
    LONG_AGO,
    lost_answer,
    refusal,
    tags,
)
from tests.unit.lifecycle.scripted_aws import task as task_answer
from tests.unit.lifecycle.test_voice_profile import described
from tests.unit.package.provoked_errors import (
    WANTED,
    Provoked,
    _answer_with_status,
    abandoned,
    aws,
    ended_never,
    enrolled,
    held_elsewhere,
    marked_never,
    never_deleted,
    occupied,
    old_intent,
    started,
    stopped_never,
    too_old,
    under_a_new_name,
    waited,
)

CASES = (
    Provoked(
        "The declared consent is not valid",
        "At the start a declared consent tag is missing, malformed, withdrawn or past its date.",
        started(replace(WANTED, tags={**CONSENT, "consent:status": "withdrawn", "consent:notice": ""})),
    ),
    Provoked(
        "The consent tags in AWS are not valid",
        "With `verify_live_tags`, domain, stream or pipeline have other tags than declared.",
        started(replace(WANTED, verify_live_tags=True)),
    ),
    Provoked(
        "Consent was withdrawn in AWS",
        "Domain, stream or pipeline have `consent:status=withdrawn`, whatever is declared.",
        started(list_tags_for_stream=[{"Tags": {"consent:status": "withdrawn"}}]),
    ),
    Provoked(
        "Another consent record in AWS",
        "Domain, stream or pipeline have another `consent:record-ref` than the declaration.",
        started(list_tags_for_stream=[{"Tags": {"consent:record-ref": "synthetic-voices/0002"}}]),
    ),
    Provoked(
        "Another search has the stream and channel",
        "A resource was renamed without an alias, moved, or removed by `pulumi state delete`; or two declarations "
        "have the same channel.",
        occupied,
    ),
    Provoked(
        "A search of the same channel is in state under another name",
        "A resource was renamed or moved without an alias. Nothing was changed: with the alias, the next `pulumi up` "
        "continues the search unchanged.",
        under_a_new_name,
    ),
    Provoked(
        "The search is in the state of another stack",
        "A search was moved or adopted, or its stack was renamed, and the declaration that started it still exists.",
        held_elsewhere,
    ),
    Provoked(
        "The pipeline has too many tags",
        "AWS allows 50 tags per resource, and a ledger entry needs up to four.",
        started(list_tags_for_resource=[tags(**{f"team-{n}": "x" for n in range(50)})]),
    ),
    Provoked(
        "The credentials belong to another account",
        "`destroy` or `refresh` with the credentials of another account. Nothing is changed.",
        lambda: analysis_task.stop(
            aws(
                stop_speaker_search_task=[_answer_with_status(None)],
                get_speaker_search_task=[_answer_with_status(None)],
                get_caller_identity=[{"Account": "210987654321"}],
            ).aws,
            SPEAKER_SEARCH,
            "pipeline-1",
            "task-1",
            account_arn=DOMAIN_ARN,
            timeout_seconds=120,
        ),
    ),
    Provoked(
        "AWS refuses the request",
        "AWS found a problem that can't be checked before the call, such as a stream without media.",
        started(start_speaker_search_task=[refusal("BadRequestException", 400, "The stream has no media.")]),
    ),
    Provoked(
        "No permission",
        "The IAM policy does not allow the call.",
        started(start_speaker_search_task=[refusal("ForbiddenException", 403, "Not authorized.")]),
    ),
    Provoked(
        "There are no credentials",
        "Environment, shared files and `aws:` config have none.",
        started(list_tags_for_resource=[NoCredentialsError()]),
    ),
    Provoked(
        "The ledger can't be written",
        "The pipeline may not be tagged. Nothing was started. Allow `chime:TagResource`. With `ledger=False` there is "
        "no ledger, but then a task may be lost after a crash.",
        started(tag_resource=[refusal("ForbiddenException", 403, "Not authorized to tag.")]),
    ),
    Provoked(
        "A quota is full",
        "Too many tasks are active in the region.",
        started(start_speaker_search_task=[refusal("ResourceLimitExceededException", 400)]),
    ),
    Provoked(
        "AWS throttled the calls until the time-out",
        "There were too many calls in the account. Nothing was started.",
        started(start_speaker_search_task=[refusal("ThrottledClientException", 429)]),
    ),
    Provoked(
        "A response was lost, and the outcome is not known",
        "The connection broke, and AWS could not be reached again. Otherwise the task is found by its token.",
        started(start_speaker_search_task=[lost_answer()]),
    ),
    Provoked(
        "An interrupted start is too old to be replayed",
        "A start was killed before its task id was recorded, and the next `up` came more than five minutes later.",
        old_intent,
    ),
    Provoked(
        "Every token has been used",
        "The same declaration was started and ended 32 times while AWS remembers its tokens.",
        started(start_speaker_search_task=[task_answer(status="Stopped", created=LONG_AGO)]),
    ),
    Provoked(
        "The engine is gone",
        "The CLI was killed just before a start.",
        abandoned,
    ),
    Provoked("The task is not running in time", "The time-out `ready` has passed.", waited("Initializing")),
    Provoked("The task failed while it was starting", "AWS ended it.", waited("Initializing", "Failed")),
    Provoked("AWS has a new status", "This release does not know it.", waited("Hibernating")),
    Provoked("The task does not stop", "The time-out `delete` has passed.", stopped_never),
    Provoked("The pipeline does not end", "The time-out `delete` has passed.", ended_never),
    Provoked(
        "The mark of a withdrawal does not appear",
        "`speaker-search withdraw` has set `consent:status`, and AWS still shows the status before it.",
        marked_never,
    ),
    Provoked(
        "The task to adopt does not exist",
        "`adopt` names a task that this pipeline does not have.",
        lambda: adopt(aws(get_speaker_search_task=[_answer_with_status(None)]).aws, "task-1", WANTED),
    ),
    Provoked(
        "The task to adopt has ended",
        "`adopt` names a task that is no longer running.",
        lambda: adopt(aws(get_speaker_search_task=[_answer_with_status("Stopped")]).aws, "task-1", WANTED),
    ),
    Provoked(
        "The search has no voiceprint yet",
        "A `VoiceProfile` is declared before anybody has spoken.",
        enrolled(get_speaker_search_task=[task_answer(status="Initializing")]),
    ),
    Provoked(
        "The voiceprint is too old",
        "The search ended more than 24 hours ago. AWS is not asked to enrol it.",
        enrolled(get_speaker_search_task=[too_old()]),
    ),
    Provoked(
        "AWS has deleted the voiceprint",
        "The search could not be read any more, and AWS answered with HTTP 410.",
        enrolled(create_voice_profile=[refusal("GoneException", 410, "Gone.")]),
    ),
    Provoked(
        "The domain has as many voice profiles as it may have",
        "This would be the 21st.",
        enrolled(create_voice_profile=[refusal("ResourceLimitExceededException")]),
    ),
    Provoked(
        "The response to an enrolment was lost",
        "AWS has no token by which a second call would find the profile of the first.",
        enrolled(
            create_voice_profile=[lost_answer()],
            list_voice_profiles=[{"VoiceProfiles": []}, {"VoiceProfiles": [described("vp-7")]}],
        ),
    ),
    Provoked("The voice profile is not deleted", "The time-out `delete` has passed.", never_deleted),
)
