"""Read what a report says, for the tests of its formats."""

from __future__ import annotations

from html.parser import HTMLParser

from speaker_search_operations.review.report_html import report_html
from speaker_search_operations.review.review_model import Judgement, Review, Verdict

from tests.unit.review.sample_review import STREAM, review

DANGEROUS = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input", "audio", "video"}


class Page(HTMLParser):
    """Elements with their attributes, ids, and text of an HTML text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def page(made: Review) -> Page:
    return Page(report_html(made))


# Many findings


def _several(count: int, verdict: Verdict = Verdict.REFUSED) -> Review:
    return review(
        judgements=tuple(
            Judgement(pack="consent", rule="in-force", urn=STREAM, verdict=verdict, message=f"fault {number}")
            for number in range(count)
        )
    )
