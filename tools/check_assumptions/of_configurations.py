"""Questions about roles and configurations. They cost nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from tools.check_assumptions.account import Account
from tools.check_assumptions.question import NO_SETTING, Answer, Question
from tools.check_assumptions.service import ACCEPTED, MEDIA, code_of

MORE_THAN_FIFTY = 51
TAGS_IN_A_REQUEST = 30


def unusable_role(account: Account) -> Answer:
    role = f"arn:{account.partition}:iam::{account.account_id}:role/{account.name('nobody')}"
    return Answer(_create(account, account.configuration_request(role)))


def role_propagation(account: Account) -> Answer:
    role, started_at = account.new_role(), time.monotonic()
    request = account.configuration_request(role)

    def create() -> str | None:
        try:
            return account.new_configuration(request)
        except ClientError as error:
            if code_of(error) not in ("ForbiddenException", "BadRequestException"):
                raise
            return None

    if account.until(create, longest=0.0):
        return Answer("at once")
    found = account.until(create)
    return Answer("later" if found else "not in time", f"{time.monotonic() - started_at:.0f} s")


def sink_that_is_not_there(account: Account) -> Answer:
    sink = f"arn:{account.partition}:sqs:{account.region}:{account.account_id}:{account.name('nothing')}"
    return Answer(_create(account, account.configuration_request(account.role, sink=sink)))


def configuration_name_twice(account: Account) -> Answer:
    request = account.configuration_request(account.role)
    with account.needed("a configuration"):
        account.new_configuration(request)
    return Answer(_create(account, request))


def configuration_tags(account: Account) -> Answer:
    return Answer(tag_verdict(account, account.configuration))


def configuration_rate(account: Account) -> Answer:
    arn = account.configuration
    return _burst(account, 15, "get_media_insights_pipeline_configuration", Identifier=arn)


def api_rate(account: Account) -> Answer:
    return _burst(account, 30, "list_media_pipelines")


def tag_verdict(account: Account, arn: str) -> str:
    """Return the verdict on the fifty-first tag of a resource."""
    tags = [{"Key": f"check:{number}", "Value": "x"} for number in range(MORE_THAN_FIFTY)]
    for part in (tags[:TAGS_IN_A_REQUEST], tags[TAGS_IN_A_REQUEST:]):
        verdict = account.verdict(MEDIA, "tag_resource", ResourceARN=arn, Tags=part)
        if verdict != ACCEPTED:
            return "refused"
    return ACCEPTED


def _create(account: Account, request: dict[str, object]) -> str:
    try:
        account.new_configuration(request)
    except ClientError as error:
        return code_of(error)
    return ACCEPTED


def _burst(account: Account, calls: int, operation: str, **members: str) -> Answer:
    """Send many calls at once, each of them once."""
    account.interruption.check()
    client = account.session.create_client(MEDIA, config=account.single_attempts(calls))

    def send(_: int) -> str:
        try:
            getattr(client, operation)(**members)
        except ClientError as error:
            return code_of(error)
        return ACCEPTED

    with ThreadPoolExecutor(calls) as threads:
        codes = list(threads.map(send, range(calls)))
    refused = [code for code in codes if code != ACCEPTED]
    account.interruption.sleep(1.0)
    return Answer("throttled" if refused else "not throttled", f"{len(refused)} of {calls} at once: {set(refused)}"
                  if refused else f"{calls} at once")  # fmt: skip


QUESTIONS = (
    Question(
        "unusable-role",
        "What is the answer to a configuration whose role does not exist?",
        "ForbiddenException",
        {
            "ForbiddenException": {"switches": {"unusable_role": "forbidden"}},
            "BadRequestException": {"switches": {"unusable_role": "bad_request"}},
        },
        unusable_role,
    ),
    Question(
        "role-propagation",
        "Can a new role be used immediately?",
        "at once",
        {
            "at once": {"transitions": {"role_propagation_seconds": 0}},
            "later": {"transitions": {"role_propagation_seconds": 3}},
        },
        role_propagation,
    ),
    Question(
        "sink-unchecked",
        "Is a configuration accepted whose queue does not exist?",
        ACCEPTED,
        {ACCEPTED: NO_SETTING},
        sink_that_is_not_there,
    ),
    Question(
        "configuration-name-twice",
        "What is the answer to a second configuration with the same name?",
        "BadRequestException",
        {"BadRequestException": NO_SETTING},
        configuration_name_twice,
    ),
    Question(
        "configuration-tags",
        "Does a configuration accept a fifty-first tag?",
        "refused",
        {
            "refused": {"quotas": {"tags_per_pipeline": 50}},
            ACCEPTED: {"quotas": {"tags_per_pipeline": 200}},
        },
        configuration_tags,
    ),
    Question(
        "configuration-rate",
        "Are 15 simultaneous calls for configurations throttled?",
        "throttled",
        {
            "throttled": {"quotas": {"configuration_calls_per_second": 5}},
            "not throttled": {"quotas": {"configuration_calls_per_second": 0, "api_calls_per_second": 0}},
        },
        configuration_rate,
        documented="ca-regions: 5 a second",
    ),
    Question(
        "api-rate",
        "Are 30 simultaneous calls for media pipelines throttled?",
        "throttled",
        {
            "throttled": {"quotas": {"api_calls_per_second": 10}},
            "not throttled": {"quotas": {"api_calls_per_second": 0}},
        },
        api_rate,
        documented="general/gr, chime-sdk: 10 a second",
    ),
)
