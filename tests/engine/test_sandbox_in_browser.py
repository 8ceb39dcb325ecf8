"""A page in Debian's Chromium, from another port of the same machine, tries to drive the local AWS."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator

import boto3
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.sandbox_process import SandboxProcess

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
EMPTY_PAGE = b"<!doctype html><title>somewhere else</title>"
# What a script is told of an answer that it may not read: nothing but that it failed.
FETCH = """async ([address, options]) => {
    try { const answer = await fetch(address, options); return answer.type + ' ' + answer.status }
    catch (error) { return error.name }
}"""
SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=a/20261125/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


class _EmptyPage(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(EMPTY_PAGE)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        return


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page of a web server on loopback; scripts in it do what a page of somebody else could do."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("There is no Chromium on PATH: apt-get install chromium. These tests are never skipped.")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _EmptyPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        yield opened
        browser.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def stream(sandbox: SandboxProcess) -> str:
    """A stream whose disappearance would show that a reset got through."""
    sandbox.control.reset()
    client = boto3.client(
        "kinesisvideo",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    return str(client.create_stream(StreamName="line", DataRetentionInHours=24)["StreamARN"])


@pytest.mark.parametrize("path", ["/moto-api/reset", "/_sandbox/reset"])
@pytest.mark.parametrize("mode", ["no-cors", "cors"])
def test_a_page_can_not_empty_the_account(
    sandbox: SandboxProcess, page: Page, stream: str, path: str, mode: str
) -> None:
    page.evaluate(FETCH, [sandbox.endpoint + path, {"method": "POST", "mode": mode, "body": "{}"}])
    assert [row["stream_arn"] for row in sandbox.control.streams()] == [stream]


def test_a_page_can_not_send_json_to_the_control_api(
    sandbox: SandboxProcess, page: Page, stream: str
) -> None:
    options = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": "{}"}
    assert page.evaluate(FETCH, [f"{sandbox.endpoint}/_sandbox/reset", options]) == "TypeError"
    assert [row["stream_arn"] for row in sandbox.control.streams()] == [stream]


@pytest.mark.parametrize("signed", [{}, {"Authorization": SIGNATURE}], ids=["unsigned", "signed"])
def test_a_page_can_not_call_an_operation(
    sandbox: SandboxProcess, page: Page, signed: dict[str, str]
) -> None:
    sandbox.control.clear_calls()
    headers = {"X-Amz-Target": "TrentService.CreateKey", **signed}
    page.evaluate(FETCH, [f"{sandbox.endpoint}/", {"method": "POST", "headers": headers, "body": "{}"}])
    page.evaluate(
        FETCH, [f"{sandbox.endpoint}/?Action=CreateTopic&Name=a", {"method": "POST", "mode": "no-cors"}]
    )
    assert sandbox.control.calls() == []


def test_a_page_can_not_read_what_is_there(sandbox: SandboxProcess, page: Page) -> None:
    assert page.evaluate(FETCH, [f"{sandbox.endpoint}/_sandbox/tasks", {}]) == "TypeError"


def test_a_form_of_a_page_is_refused(sandbox: SandboxProcess, page: Page, stream: str) -> None:
    own_address = page.url
    with page.expect_navigation():
        page.evaluate(
            "address => { const form = document.createElement('form'); form.method = 'post';"
            " form.action = address; document.body.append(form); form.submit() }",
            f"{sandbox.endpoint}/_sandbox/reset",
        )
    refused = page.inner_text("body")
    page.goto(own_address)
    assert "not to pages in a browser" in refused


def test_a_person_who_types_the_address_sees_the_answer(sandbox: SandboxProcess, page: Page) -> None:
    own_address = page.url
    status = page.goto(f"{sandbox.endpoint}/_sandbox/health")
    page.goto(own_address)
    assert status is not None
    assert status.status == 200
