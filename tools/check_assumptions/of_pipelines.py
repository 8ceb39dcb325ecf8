"""Questions about pipelines without a task. They cost nothing: AWS charges for what tasks process."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tools.check_assumptions.account import Account
from tools.check_assumptions.of_configurations import tag_verdict
from tools.check_assumptions.question import NO_SETTING, Answer, Question
from tools.check_assumptions.service import ACCEPTED, ENDED, GONE, MEDIA, code_of


def without_media(account: Account) -> Answer:
    request = account.pipeline_request(account.new_stream())
    try:
        account.new_pipeline(request)
    except ClientError as error:
        return Answer(code_of(error))
    return Answer(ACCEPTED)


def status_without_task(account: Account) -> Answer:
    pipeline = account.silent_pipeline
    account.interruption.sleep(account.waits.settled)
    status = pipeline.status()
    return Answer("NotStarted" if status == "NotStarted" else "goes on by itself", status)


def found_at_once(account: Account) -> Answer:
    with account.needed("a pipeline"):
        pipeline = account.new_pipeline(account.pipeline_request(account.new_stream()))
    if pipeline.status() != GONE:
        return Answer("at once")
    found = account.until(lambda: None if pipeline.status() == GONE else "found")
    return Answer("later" if found else "not in time")


def same_token(account: Account) -> Answer:
    first, second = _twice(account, {})
    return Answer("the same pipeline" if first == second else "another", second)


def changed_request(account: Account) -> Answer:
    first, second = _twice(account, {"MediaInsightsRuntimeMetadata": {"changed": "yes"}})
    return Answer("the first pipeline" if first == second else second)


def pipeline_tags(account: Account) -> Answer:
    return Answer(tag_verdict(account, account.silent_pipeline.arn))


def silence_without_task(account: Account) -> Answer:
    with account.needed("a pipeline"):
        pipeline = account.new_pipeline(account.pipeline_request(account.new_stream()))
    account.interruption.sleep(account.waits.silence)
    status = pipeline.status()
    return Answer("ends" if status in (*ENDED, GONE) else "stays", status)


def update_in_use(account: Account) -> Answer:
    arn = account.silent_pipeline and account.configuration
    request = account.configuration_request(account.role)
    del request["MediaInsightsPipelineConfigurationName"]
    operation = "update_media_insights_pipeline_configuration"
    return Answer(account.verdict(MEDIA, operation, Identifier=arn, **request))


def delete_in_use(account: Account) -> Answer:
    with account.needed("a pipeline of a configuration of its own"):
        arn = account.new_configuration(account.configuration_request(account.role))
        account.new_pipeline(account.pipeline_request(account.new_stream(), arn))
    return Answer(account.verdict(MEDIA, "delete_media_insights_pipeline_configuration", Identifier=arn))


def after_delete(account: Account) -> Answer:
    with account.needed("a pipeline"):
        pipeline = account.new_pipeline(account.pipeline_request(account.new_stream()))
    account.call(MEDIA, "delete_media_pipeline", MediaPipelineId=pipeline.id)

    def ended() -> str | None:
        status = pipeline.status()
        return status if status in (*ENDED, GONE) else None

    return Answer(account.until(ended) or pipeline.status())


def _twice(account: Account, change: dict[str, object]) -> tuple[str, str]:
    """Return the ids of the pipelines of two requests with one token; the second may be an error code."""
    token = account.name("token")[-64:]
    request = {**account.pipeline_request(account.new_stream()), "ClientRequestToken": token}
    with account.needed("a pipeline"):
        first = account.new_pipeline(request).id
    try:
        return first, account.new_pipeline({**request, **change}).id
    except ClientError as error:
        return first, code_of(error)


ELEMENTS = {"switches": {"pipeline_status": "elements"}}
EAGER = {"switches": {"pipeline_status": "eager"}}

QUESTIONS = (
    Question(
        "pipeline-without-media",
        "Is a pipeline accepted on a stream that never had audio?",
        ACCEPTED,
        {
            ACCEPTED: {"switches": {"pipeline_without_media": "accept"}},
            "BadRequestException": {"switches": {"pipeline_without_media": "refuse"}},
        },
        without_media,
    ),
    Question(
        "status-without-task",
        "What is the status of a pipeline before its first task?",
        "NotStarted",
        {"NotStarted": ELEMENTS, "goes on by itself": EAGER},
        status_without_task,
        documented="call-analytics-statuses, of several elements",
    ),
    Question(
        "found-at-once",
        "Is a pipeline found immediately after its creation?",
        "at once",
        {
            "at once": {"transitions": {"not_found_after_create_seconds": 0}},
            "later": {"transitions": {"not_found_after_create_seconds": 3}},
        },
        found_at_once,
    ),
    Question(
        "same-token",
        "What does the same request with the same token create?",
        "the same pipeline",
        {"the same pipeline": NO_SETTING},
        same_token,
        documented="model: idempotency token",
    ),
    Question(
        "changed-request",
        "What is the answer to another request with the same token?",
        "ConflictException",
        {
            "ConflictException": {"switches": {"changed_request": "conflict"}},
            "the first pipeline": {"switches": {"changed_request": "replay"}},
        },
        changed_request,
    ),
    Question(
        "pipeline-tags",
        "Does a pipeline accept a fifty-first tag?",
        "refused",
        {
            "refused": {"quotas": {"tags_per_pipeline": 50}},
            ACCEPTED: {"quotas": {"tags_per_pipeline": 200}},
        },
        pipeline_tags,
    ),
    Question(
        "silence-without-task",
        "Does silence end a pipeline that has no task?",
        "stays",
        {"stays": ELEMENTS, "ends": EAGER},
        silence_without_task,
        documented="managing-call-analytics-pipelines: only one that is InProgress",
    ),
    Question(
        "configuration-update-in-use",
        "Can a configuration be updated while a pipeline uses it?",
        ACCEPTED,
        {
            ACCEPTED: {"switches": {"configuration_in_use_update": "accept"}},
            "ConflictException": {"switches": {"configuration_in_use_update": "conflict"}},
        },
        update_in_use,
    ),
    Question(
        "configuration-delete-in-use",
        "Can a configuration be deleted while a pipeline uses it?",
        "ConflictException",
        {"ConflictException": NO_SETTING},
        delete_in_use,
    ),
    Question(
        "pipeline-after-delete",
        "What is the status of a pipeline after DeleteMediaPipeline?",
        "gone",
        {"gone": NO_SETTING},
        after_delete,
    ),
)
