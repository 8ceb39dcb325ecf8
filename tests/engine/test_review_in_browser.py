"""`report.html` in Debian's Chromium: laid out, reachable, readable, printed, and asking nobody for anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request, sync_playwright
from speaker_search_operations.review.report_html import report_html

from tests.unit.review.sample_review import HOSTILE, hostile_review, review, sample_changes, withdrawn_review

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = 360, 1280
SAMPLES = {
    "everyday": review(gaps=("it ended early",)),
    "hostile": hostile_review(),
    "withdrawn": withdrawn_review(),
    "compared": review(),
}
CHANGES = {"compared": sample_changes(), "hostile": sample_changes(HOSTILE)}
"""Sample → what changed since an earlier review."""

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """The tab in which every test loads its page anew: a tab of its own costs six times the CPU of a load."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("There is no Chromium on PATH: apt-get install chromium. These tests are never skipped.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser.new_page()
        browser.close()


@pytest.fixture
def open_page(tab: Page, tmp_path: Path) -> Iterator[OpenPage]:
    opener = OpenPage(tab, tmp_path)
    yield opener
    opener.close()


class OpenPage:
    """Opens a report, and keeps what the browser asked for and complained of."""

    def __init__(self, tab: Page, folder: Path) -> None:
        self._tab = tab
        self._folder = folder
        self.requests: list[str] = []
        self.complaints: list[str] = []
        tab.on("request", self._note_request)
        tab.on("console", self._note_message)
        tab.on("pageerror", self._note_error)
        tab.on("dialog", self._note_dialog)

    def __call__(self, sample: str = "everyday", width: int = DESK, scheme: Scheme = "light") -> Page:
        file = self._folder / "report.html"
        file.write_text(report_html(SAMPLES[sample], CHANGES.get(sample)), encoding="utf-8")
        self._tab.set_viewport_size({"width": width, "height": 800})
        self._tab.emulate_media(media="null", color_scheme=scheme, reduced_motion="no-preference")
        self._tab.goto(file.as_uri())
        return self._tab

    def close(self) -> None:
        """Leave the page, so that nothing of it is seen by the next test."""
        self._tab.remove_listener("request", self._note_request)
        self._tab.remove_listener("console", self._note_message)
        self._tab.remove_listener("pageerror", self._note_error)
        self._tab.remove_listener("dialog", self._note_dialog)
        self._tab.goto("about:blank")

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        self.complaints.append(message.text)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _note_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()


@pytest.mark.parametrize("sample", list(SAMPLES))
def test_the_browser_asks_for_the_page_and_for_nothing_else(open_page: OpenPage, sample: str) -> None:
    open_page(sample)
    assert [url.rpartition("/")[2] for url in open_page.requests] == ["report.html"]


@pytest.mark.parametrize("sample", list(SAMPLES))
def test_the_browser_complains_of_nothing(open_page: OpenPage, sample: str) -> None:
    open_page(sample)
    assert open_page.complaints == []


def test_the_page_s_own_policy_stops_a_script(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s)"
    )
    assert page.evaluate("window.ran === undefined")


@pytest.mark.parametrize("sample", list(SAMPLES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_no_barrier(open_page: OpenPage, sample: str, scheme: Scheme, width: int) -> None:
    found = Axe().run(open_page(sample, width, scheme))
    assert [
        (one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"])
        for one in found.response["violations"]
    ] == []


@pytest.mark.parametrize("sample", list(SAMPLES))
@pytest.mark.parametrize("width", [320, PHONE, DESK])
def test_the_page_is_no_wider_than_the_screen(open_page: OpenPage, sample: str, width: int) -> None:
    page = open_page(sample, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_table_has_to_be_scrolled_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page("everyday", width)
    cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    assert page.evaluate(f"{cut}.map(one => one.getAttribute('aria-label'))") == []


@pytest.mark.parametrize("sample", ["everyday", "withdrawn"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_caption_of_the_time_line_is_cut(open_page: OpenPage, sample: str, width: int) -> None:
    page = open_page(sample, width)
    beyond = (
        "(() => { const edge = document.querySelector('svg[role=img]').getBoundingClientRect().right;"
        " return [...document.querySelectorAll('svg[role=img] text')]"
        ".filter(one => one.getBoundingClientRect().right > edge + 1).map(one => one.textContent); })()"
    )
    assert page.evaluate(beyond) == []


def test_on_a_phone_each_answer_about_a_search_stands_under_its_question(open_page: OpenPage) -> None:
    page = open_page("everyday", PHONE)
    heads = page.evaluate(
        "[...document.querySelectorAll('#searches ~ article td')]"
        ".map(one => getComputedStyle(one, '::before').content)"
    )
    assert heads == ['"Line"', '"Whose voice"', '"Purpose"', '"Until"', '"Listens now"', '"What changes"']


def test_the_first_stop_of_the_keyboard_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_keyboard_reaches_everything_that_can_be_used_and_shows_where_it_is(open_page: OpenPage) -> None:
    page = open_page()
    usable = page.evaluate("document.querySelectorAll('a, summary, [tabindex=\"0\"]').length")
    seen = 0
    for _ in range(usable):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        seen += outline == "solid"
    assert seen == usable


def test_a_closed_part_opens_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('summary').parentElement.open")


def test_dark_paper_where_the_reader_asks_for_it(open_page: OpenPage) -> None:
    grounds = {
        scheme: open_page(scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(243, 245, 247)", "dark": "rgb(14, 20, 26)"}


def test_nothing_glides_where_the_reader_asks_for_less_motion(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_print_shows_what_the_screen_folds_away(open_page: OpenPage) -> None:
    page = open_page()
    place = page.locator("details.printed").first
    assert "SpeakerSearchTask" not in place.inner_text()
    page.emulate_media(media="print")
    assert place.evaluate(
        "one => one.getBoundingClientRect().height > one.firstElementChild.offsetHeight + 5"
    )


def test_print_leaves_the_navigation_out(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()


def test_the_bars_of_the_time_line_are_drawn(open_page: OpenPage) -> None:
    page = open_page(width=PHONE)
    boxes = page.locator("figure svg[role=img] rect.running").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert boxes
    assert all(width > 1 for width in boxes)
