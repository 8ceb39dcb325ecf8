"""Questions about domains, and about tasks without audio. Each costs cents for the key, if AWS's prices hold."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tools.check_assumptions.account import Account
from tools.check_assumptions.pipeline import Pipeline
from tools.check_assumptions.question import NO_SETTING, Answer, CannotAskError, Cost, Question
from tools.check_assumptions.service import ACCEPTED, GONE, MEDIA, VOICE, code_of

QUOTA = 25


def domain_name_twice(account: Account) -> Answer:
    request = account.domain_request()
    with account.needed("a voice profile domain"):
        account.new_domain(request)
    try:
        account.new_domain(request)
    except ClientError as error:
        return Answer(code_of(error))
    return Answer(ACCEPTED)


def start_at_once(account: Account) -> Answer:
    with account.needed("a pipeline"):
        domain = account.domain
        pipeline = account.new_pipeline(account.pipeline_request(account.new_stream()))
    try:
        pipeline.start(domain)
    except ClientError as error:
        return Answer(code_of(error))
    return Answer(ACCEPTED)


def task_without_audio(account: Account) -> Answer:
    pipeline, task = _silent_task(account)
    account.interruption.sleep(account.waits.settled)
    return Answer(pipeline.task_status(task))


def two_tasks_of_one_channel(account: Account) -> Answer:
    pipeline, _ = _silent_task(account)
    try:
        pipeline.start()
    except ClientError as error:
        return Answer(code_of(error))
    return Answer(ACCEPTED)


def stop_twice(account: Account) -> Answer:
    pipeline, task = _silent_task(account)
    pipeline.stop(task)
    status = pipeline.until_ended(task)
    return Answer(pipeline.stop(task), f"of a task that is {status}")


def results_after_pipeline(account: Account) -> Answer:
    pipeline, task = _silent_task(account)
    account.call(MEDIA, "delete_media_pipeline", MediaPipelineId=pipeline.id)
    account.until(lambda: GONE if pipeline.status() == GONE else None)
    return Answer("not found" if pipeline.task_status(task) == GONE else "kept")


def domain_in_use(account: Account) -> Answer:
    with account.needed("a voice profile domain"):
        domain = account.new_domain(account.domain_request())
    _silent_task(account, domain)
    id_ = domain.rpartition("/")[2]
    return Answer(account.verdict(VOICE, "delete_voice_profile_domain", VoiceProfileDomainId=id_))


def task_quota(account: Account) -> Answer:
    pipeline, full = _full_quota(account)
    code = full or account.first_verdict(MEDIA, "start_speaker_search_task", **pipeline.task_request())
    return Answer(code, f"of the task after {QUOTA}")


def tasks_quota(account: Account) -> Answer:
    pipeline, _ = _full_quota(account)
    request = {**pipeline.task_request(), "LanguageCode": "en-US"}
    del request["VoiceProfileDomainArn"]
    verdict = account.verdict(MEDIA, "start_voice_tone_analysis_task", **request)
    return Answer("a quota of its own" if verdict == ACCEPTED else "one quota for both", verdict)


def tag_characters_of_data_streams(account: Account) -> Answer:
    name = account.name("data")
    request = {"StreamName": name, "ShardCount": 1, "Tags": {"consent:status": "given"}}
    verdict = account.verdict("kinesis", "create_stream", **request)
    if verdict == ACCEPTED:
        account.clean_up.add(
            f"data stream {name}", lambda: account.client("kinesis").delete_stream(StreamName=name)
        )
    return Answer(verdict)


def _silent_task(account: Account, domain: str | None = None) -> tuple[Pipeline, str]:
    """Start a task on a stream without a producer as soon as AWS accepts the start."""
    with account.needed("a task without audio"):
        domain = domain or account.domain
        pipeline = account.new_pipeline(account.pipeline_request(account.new_stream()))

        def start() -> str | None:
            try:
                return pipeline.start(domain)
            except ClientError as error:
                if code_of(error) not in ("ConflictException", "NotFoundException"):
                    raise
                return None

        task = account.until(start, longest=account.waits.silence)
    if task is None:
        message = "AWS starts no task on a pipeline without audio"
        raise CannotAskError(message)
    return pipeline, task


def _full_quota(account: Account) -> tuple[Pipeline, str]:
    """Return a pipeline with as many tasks as AWS accepts, and the error code of the next one (empty: none).

    The tasks end with the pipeline.
    """
    pipeline, _ = _silent_task(account)
    with account.needed("many tasks"):
        for _ in range(QUOTA):
            code = account.first_verdict(MEDIA, "start_speaker_search_task", **pipeline.task_request())
            if code != ACCEPTED:
                return pipeline, code
    return pipeline, ""


KEY = Cost(keys=1)

QUESTIONS = (
    Question(
        "domain-name-twice",
        "What is the answer to a second domain with the same name?",
        ACCEPTED,
        {ACCEPTED: NO_SETTING},
        domain_name_twice,
        KEY,
    ),
    Question(
        "start-at-once",
        "Does a task start immediately after the creation of its pipeline?",
        ACCEPTED,
        {
            ACCEPTED: {"switches": {"task_start_on": "any"}},
            "ConflictException": {"switches": {"task_start_on": "in_progress"}},
        },
        start_at_once,
        KEY,
    ),
    Question(
        "task-without-audio",
        "What is the status of a task without audio?",
        "Initializing",
        {
            "Initializing": {"switches": {"new_streams_receive_media": False}},
            "InProgress": {"switches": {"new_streams_receive_media": True}},
        },
        task_without_audio,
        KEY,
    ),
    Question(
        "two-tasks-one-channel",
        "Does a second task start on the same stream and channel?",
        ACCEPTED,
        {ACCEPTED: NO_SETTING},
        two_tasks_of_one_channel,
        KEY,
    ),
    Question(
        "stop-twice",
        "What is the answer to the stop of a task that has ended?",
        "ConflictException",
        {
            "ConflictException": {"switches": {"stop_of_ended_task": "conflict"}},
            ACCEPTED: {"switches": {"stop_of_ended_task": "success"}},
        },
        stop_twice,
        KEY,
    ),
    Question(
        "results-after-pipeline",
        "Is a task found after its pipeline is gone?",
        "kept",
        {
            "kept": {"switches": {"results_of_gone_pipeline": "kept"}},
            "not found": {"switches": {"results_of_gone_pipeline": "not_found"}},
        },
        results_after_pipeline,
        KEY,
    ),
    Question(
        "domain-in-use",
        "Can a domain be deleted in which a task searches?",
        ACCEPTED,
        {
            ACCEPTED: {"switches": {"domain_in_use": "delete"}},
            "ConflictException": {"switches": {"domain_in_use": "conflict"}},
        },
        domain_in_use,
        KEY,
    ),
    Question(
        "task-quota",
        "What is the answer to a start when 25 tasks are active?",
        "ResourceLimitExceededException",
        {
            "ResourceLimitExceededException": {
                "switches": {"task_quota_error": "ResourceLimitExceededException"}
            },
            "ThrottledClientException": {"switches": {"task_quota_error": "ThrottledClientException"}},
        },
        task_quota,
        KEY,
        documented="ca-regions, of any quota; the operation's model lacks the code",
    ),
    Question(
        "tasks-quota",
        "Do voice tone analysis tasks have a quota of their own?",
        "a quota of its own",
        {
            "a quota of its own": {"switches": {"tasks_quota": "separate"}},
            "one quota for both": {"switches": {"tasks_quota": "together"}},
        },
        tasks_quota,
        KEY,
        documented="ca-regions says 25 and 25, general/gr says 25",
    ),
    Question(
        "data-stream-tags",
        "Does a Kinesis data stream accept a tag with a colon in its key?",
        ACCEPTED,
        {ACCEPTED: NO_SETTING},
        tag_characters_of_data_streams,
        Cost(shard_hours=1),
        documented="Kinesis: Tag says no, TagResource says yes",
    ),
)
