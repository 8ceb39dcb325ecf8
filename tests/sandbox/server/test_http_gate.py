"""Who may call the sandbox: programs in any language, and no page in a browser."""

import http.client
import json
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox_process import SandboxProcess

JSON = {"Content-Type": "application/json"}
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=sandbox/20261125/us-east-1/kms/aws4_request, "
    "SignedHeaders=host, Signature=0"
}
CREATE_KEY = {
    **SIGNED,
    "X-Amz-Target": "TrentService.CreateKey",
    "Content-Type": "application/x-amz-json-1.1",
}


def asked(
    sandbox: SandboxProcess, method: str, path: str, headers: dict[str, str], body: str = "{}"
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint).netloc, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_a_program_that_signs_is_answered(sandbox: SandboxProcess) -> None:
    assert asked(sandbox, "POST", "/", CREATE_KEY)[0] == 200


@pytest.mark.parametrize(
    "more_headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("POST", "/", CREATE_KEY), ("POST", "/_sandbox/reset", JSON), ("GET", "/_sandbox/tasks", {})],
    ids=["an AWS operation", "a change by the control API", "a look by the control API"],
)
def test_what_a_page_sends_is_refused(
    sandbox: SandboxProcess, method: str, path: str, headers: dict[str, str], more_headers: dict[str, str]
) -> None:
    assert asked(sandbox, method, path, {**headers, **more_headers})[0] == 403


@pytest.mark.parametrize("path", ["/", "/_sandbox/reset", "/moto-api/reset"])
def test_a_preflight_is_refused(sandbox: SandboxProcess, path: str) -> None:
    assert asked(sandbox, "OPTIONS", path, {"Access-Control-Request-Method": "POST"})[0] == 403


def test_no_answer_lets_a_page_read_it(sandbox: SandboxProcess) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint).netloc, timeout=10)
    connection.request("POST", "/", "{}", {**CREATE_KEY, "Origin": "https://evil.example"})
    allowed = connection.getresponse().getheader("Access-Control-Allow-Origin")
    connection.close()
    assert allowed is None


def test_a_person_may_type_an_address_of_the_control_api(sandbox: SandboxProcess) -> None:
    assert asked(sandbox, "GET", "/_sandbox/tasks", {"Sec-Fetch-Site": "none"})[0] == 200


@pytest.mark.parametrize(
    "path", ["/moto-api", "/moto-api/", "/moto-api/reset", "//moto-api/reset", "/%6doto-api/reset"]
)
@pytest.mark.parametrize("headers", [{}, SIGNED], ids=["unsigned", "signed"])
def test_moto_s_own_api_is_closed(sandbox: SandboxProcess, path: str, headers: dict[str, str]) -> None:
    assert asked(sandbox, "POST", path, headers)[0] == 403


def test_a_refused_reset_leaves_everything_where_it_is(
    aws: AwsAccount, control: SandboxControl, sandbox: SandboxProcess
) -> None:
    aws.stream()
    asked(sandbox, "POST", "/moto-api/reset", {})
    asked(sandbox, "POST", "/_sandbox/reset", {**JSON, "Origin": "https://evil.example"})
    assert len(control.streams()) == 1


def test_an_unsigned_request_of_an_operation_is_refused_by_aws_s_code(
    control: SandboxControl, sandbox: SandboxProcess
) -> None:
    client = boto3.client(
        "kinesisvideo",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    )
    with pytest.raises(ClientError) as refused:
        client.list_streams()
    assert refused.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"


def test_a_signature_in_the_address_is_none(sandbox: SandboxProcess) -> None:
    query = (
        "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=a/20261125/us-east-1/sts/aws4_request"
    )
    assert asked(sandbox, "GET", f"/?{query}", {})[0] == 403


def test_a_refusal_says_why(sandbox: SandboxProcess) -> None:
    text = asked(sandbox, "POST", "/", {**CREATE_KEY, "Origin": "https://evil.example"})[1]
    assert json.loads(text)["error"] == "The sandbox answers to programs, not to pages in a browser."
