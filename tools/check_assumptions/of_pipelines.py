"""Questions about pipelines without a task. They cost nothing: AWS charges what tasks process."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tools.check_assumptions.account import ACCEPTED, ENDED, MEDIA, Account, code_of
from tools.check_assumptions.of_configurations import tag_verdict
from tools.check_assumptions.question import NO_SETTING, Answer, Question


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
    if pipeline.status() != "gone":
        return Answer("at once")
    found = account.until(lambda: None if pipeline.status() == "gone" else "found")
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
    return Answer("ends" if status in (*ENDED, "gone") else "stays", status)


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

    def over() -> str | None:
        status = pipeline.status()
        return status if status in (*ENDED, "gone") else None

    return Answer(account.until(over) or pipeline.status())


def _twice(account: Account, change: dict[str, object]) -> tuple[str, str]:
    """Ids of the pipelines of two requests with one token; the second can be a refusal's code."""
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
        "Is a pipeline taken on a stream to which nobody has sent anything?",
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
        "Is a pipeline found right after it was made?",
        "at once",
        {
            "at once": {"transitions": {"not_found_after_create_seconds": 0}},
            "later": {"transitions": {"not_found_after_create_seconds": 3}},
        },
        found_at_once,
    ),
    Question(
        "same-token",
        "What does the same request with the same token make?",
        "the same pipeline",
        {"the same pipeline": NO_SETTING},
        same_token,
        documented="model: idempotency token",
    ),
    Question(
        "changed-request",
        "What does another request with the same token answer?",
        "ConflictException",
        {
            "ConflictException": {"switches": {"changed_request": "conflict"}},
            "the first pipeline": {"switches": {"changed_request": "replay"}},
        },
        changed_request,
    ),
    Question(
        "pipeline-tags",
        "Does a pipeline take a fifty-first tag?",
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
        "What becomes of a pipeline after DeleteMediaPipeline?",
        "gone",
        {"gone": NO_SETTING},
        after_delete,
    ),
)
