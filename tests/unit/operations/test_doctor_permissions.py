"""The permissions of `speaker-search doctor`: what can't be simulated is never ok."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session
from botocore.stub import Stubber
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.quotas import PIPELINES
from speaker_search_operations.doctor.applied_quotas import AppliedQuotas
from speaker_search_operations.doctor.check import Check, Verdict
from speaker_search_operations.doctor.identity import Caller
from speaker_search_operations.doctor.needed_permissions import Place, Statement, needed, roles, statements_of
from speaker_search_operations.doctor.permissions import NotSimulatedError, judged, simulate, source_of

from tests.unit.lifecycle.scripted_aws import Answer, ScriptedClient, refusal

ACCOUNT = "123456789012"
PLACE = Place("aws", ACCOUNT, "us-east-1")
USER = f"arn:aws:iam::{ACCOUNT}:user/deployer"
STATEMENT = Statement(("chime:GetMediaPipeline", "kms:Decrypt"), ("*",), ())


def result(action: str, decision: str, **more: Any) -> dict[str, Any]:
    return {"EvalActionName": action, "EvalDecision": decision, **more}


def answer(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"EvaluationResults": list(results), "IsTruncated": False, **more}


def check(*answers: Answer, statement: Statement = STATEMENT) -> Check:
    iam = ScriptedClient({"simulate_principal_policy": list(answers)})
    return judged("deployer", simulate(iam, USER, [statement], PLACE))


ALLOWED = result("chime:GetMediaPipeline", "allowed")


class TestSimulation:
    def test_what_is_allowed_is_ok(self) -> None:
        assert check(answer(ALLOWED, result("kms:Decrypt", "allowed"))).verdict is Verdict.OK

    @pytest.mark.parametrize("decision", ["implicitDeny", "explicitDeny"])
    def test_what_is_denied_is_a_problem_with_its_name(self, decision: str) -> None:
        found = check(answer(ALLOWED, result("kms:Decrypt", decision)))
        assert (found.verdict, "do not allow kms:Decrypt (1 of 2" in found.found) == (Verdict.PROBLEM, True)
        assert "docs/permissions/deployer.json" in str(found.remedy)

    def test_a_refused_simulation_is_unknown(self) -> None:
        found = check(refusal("AccessDenied", 403))
        assert (found.verdict, "could not be checked" in found.found) == (Verdict.UNKNOWN, True)

    def test_an_action_without_a_result_is_unknown(self) -> None:
        assert check(answer(ALLOWED)).verdict is Verdict.UNKNOWN

    def test_a_denial_that_depends_on_an_unknown_key_is_unknown(self) -> None:
        denied = result(
            "kms:Decrypt", "implicitDeny", MissingContextValues=["aws:ResourceTag/consent:status"]
        )
        found = check(answer(ALLOWED, denied))
        assert (found.verdict, "consent:status" in found.found) == (Verdict.UNKNOWN, True)

    def test_a_missing_permission_counts_more_than_an_unknown_one(self) -> None:
        iam = ScriptedClient(
            {
                "simulate_principal_policy": [
                    refusal("Throttling"),
                    answer(result("kms:Decrypt", "implicitDeny"), ALLOWED),
                ]
            }
        )
        found = judged("deployer", simulate(iam, USER, [STATEMENT, STATEMENT], PLACE))
        assert found.verdict is Verdict.PROBLEM

    def test_allowed_on_one_of_the_resources_is_allowed(self) -> None:
        on_one = [{"EvalResourceDecision": "implicitDeny"}, {"EvalResourceDecision": "allowed"}]
        results = result("kms:Decrypt", "implicitDeny", ResourceSpecificResults=on_one)
        assert check(answer(ALLOWED, results)).verdict is Verdict.OK

    def test_every_page_is_read(self) -> None:
        first = answer(ALLOWED, IsTruncated=True, Marker="more")
        assert check(first, answer(result("kms:Decrypt", "allowed"))).verdict is Verdict.OK

    def test_conditions_are_passed_on_with_the_region(self) -> None:
        iam = ScriptedClient({"simulate_principal_policy": [answer(ALLOWED)]})
        statement = Statement(STATEMENT.actions, ("*",), (("kms:ViaService", "sqs.*.amazonaws.com"),))
        simulate(iam, USER, [statement], PLACE)
        assert iam.asked[0].parameters["ContextEntries"] == [
            {
                "ContextKeyName": "kms:ViaService",
                "ContextKeyType": "string",
                "ContextKeyValues": ["sqs.us-east-1.amazonaws.com"],
            }
        ]


class TestModel:
    """Requests and responses are those of botocore's models [M]."""

    def stubbed(self, service: str) -> tuple[Any, Stubber]:
        key = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client = Session().create_client(service, region_name="us-east-1", **key)
        return client, Stubber(client)

    def test_every_statement_of_a_deployer_is_a_valid_request(self) -> None:
        iam, stubber = self.stubbed("iam")
        statements = statements_of("deployer")
        for one in statements:
            specific = [{"EvalResourceName": "arn:x", "EvalResourceDecision": "allowed"}]
            results = [
                {
                    "EvalActionName": action,
                    "EvalDecision": "implicitDeny",
                    "MissingContextValues": [],
                    "ResourceSpecificResults": specific,
                }
                for action in one.actions
            ]
            response = {"EvaluationResults": results, "IsTruncated": False}
            stubber.add_response("simulate_principal_policy", response)
        with stubber:
            found = judged("deployer", simulate(iam, USER, statements, PLACE))
        stubber.assert_no_pending_responses()
        assert found.verdict is Verdict.OK

    def test_service_quotas_is_asked_as_its_model_says(self) -> None:
        quotas, stubber = self.stubbed("service-quotas")
        response = {"Quotas": [{"QuotaName": "Active Media Insights Pipelines per region", "Value": 30.0}]}
        stubber.add_response("list_service_quotas", response, {"ServiceCode": "chime"})
        with stubber:
            limit = AppliedQuotas(Aws(get_client=lambda _service: quotas), 1).limit(PIPELINES)
        assert (limit.value, limit.is_applied) == (30, True)


class TestSource:
    def test_a_user_is_simulated_as_itself(self) -> None:
        assert source_of(Caller(ACCOUNT, USER), ScriptedClient({})) == USER

    def test_a_session_is_simulated_as_its_role_with_its_path(self) -> None:
        arn = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/Deployer"
        iam = ScriptedClient({"get_role": [{"Role": {"Arn": arn}}]})
        session = Caller(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/jane")
        assert source_of(session, iam) == arn
        assert iam.of("get_role") == [{"RoleName": "Deployer"}]

    def test_without_iam_get_role_the_path_is_left_out(self) -> None:
        iam = ScriptedClient({"get_role": [refusal("AccessDenied", 403)]})
        session = Caller(ACCOUNT, f"arn:aws-us-gov:sts::{ACCOUNT}:assumed-role/Deployer/jane")
        assert source_of(session, iam) == f"arn:aws-us-gov:iam::{ACCOUNT}:role/Deployer"

    @pytest.mark.parametrize(
        "arn", [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:sts::{ACCOUNT}:federated-user/jane"]
    )
    def test_nobody_else_can_be_simulated(self, arn: str) -> None:
        with pytest.raises(NotSimulatedError) as error:
            source_of(Caller(ACCOUNT, arn), ScriptedClient({}))
        assert "jane" not in str(error.value)


class TestNeeded:
    def test_the_roles_are_those_of_the_documents(self) -> None:
        assert {"deployer", "doctor", "producer", "results", "reviewer"} <= set(roles())

    def test_a_wildcard_becomes_account_and_region(self) -> None:
        place = Place("aws-us-gov", ACCOUNT, "us-west-2")
        pattern = "arn:aws:sqs:*:*:voice-analytics-*"
        assert place.resource(pattern) == f"arn:aws-us-gov:sqs:us-west-2:{ACCOUNT}:voice-analytics-doctor"

    def test_a_resource_of_the_stack_is_preferred(self) -> None:
        own = f"arn:aws:iam::{ACCOUNT}:role/mine-1"
        place = Place("aws", ACCOUNT, "us-east-1", frozenset({own, f"arn:aws:iam::{ACCOUNT}:user/x"}))
        assert place.resource("arn:aws:iam::*:role/voice-analytics-*") == own

    def test_one_of_another_account_is_not(self) -> None:
        place = Place("aws", ACCOUNT, "us-east-1", frozenset({"arn:aws:iam::999999999999:role/x"}))
        assert place.resource("arn:aws:iam::*:role/a-*") == f"arn:aws:iam::{ACCOUNT}:role/a-doctor"

    def test_sinks_that_the_stack_does_not_have_are_left_out(self) -> None:
        place = Place("aws", ACCOUNT, "us-east-1", frozenset({f"arn:aws:sns:us-east-1:{ACCOUNT}:topic"}))
        services = {
            service for one in needed(statements_of("deployer"), place) for service in one.sink_services
        }
        assert services == {"sns"}

    def test_without_a_stack_every_sink_is_needed(self) -> None:
        services = {
            service for one in needed(statements_of("deployer"), PLACE) for service in one.sink_services
        }
        assert {"sqs", "sns", "kinesis"} <= services

    def test_every_statement_of_every_role_is_read(self) -> None:
        for role in roles():
            assert all(one.actions and one.resources for one in statements_of(role))

    def test_no_action_is_a_wildcard(self) -> None:
        actions = {action for one in statements_of("doctor") for action in one.actions}
        assert not [action for action in actions if "*" in action]
