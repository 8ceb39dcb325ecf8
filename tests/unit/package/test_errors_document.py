"""docs/errors.md holds the text of every error that a user can provoke. Each is provoked here and compared.

After a change of a text: `UPDATE_DOCS=1 pytest tests/unit/package/test_errors_document.py` writes the document.
"""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
)
from tests.unit.package.documented_errors import CASES
from tests.unit.package.provoked_errors import Provoked
from tests.unit.package.wrong_input import check_lines, config_lines

NEWLINE = "\n"
DOCUMENT = Path(__file__).parents[3] / "docs" / "errors.md"

HEAD = """\
# Errors and remedies

Every error of a start, a wait and a stop. A test causes each error and compares its text with this page
(`tests/unit/package/test_errors_document.py`). Wrong input is refused before any call to AWS; its messages are at
the end. What AWS has accepted is in state: an error during a wait loses nothing.

In an emergency, `speaker-search stop --all` stops every search of a stack at once, without an update, even if one
of them can't be stopped in the usual way ([operations](operations.md)). While something is protected, `pulumi
destroy` stops nothing; `pulumi destroy --exclude-protected` stops everything.
"""

IMPORT = """\
## `pulumi import` of a search or pipeline ends in a traceback

`pulumi import 'pulumi-python:dynamic/chime:SpeakerSearchTask' NAME ID`: Pulumi's host of Python providers fails
before it loads this project, which therefore can't improve the message. Nothing was changed, in AWS or in state,
and running searches go on. Declare the search, and give the id as `adopt` (`adopt_task`, `adopt_pipeline`).

```text
KeyError: '__provider'
```
"""
"""Pinned on the real engine by `tests/engine/test_import.py`."""


def text_of(case: Provoked) -> str:
    with pytest.raises(SpeakerSearchError) as met:
        case.provoke()
    return str(met.value)


def section(case: Provoked) -> str:
    text = textwrap.fill(text_of(case), 110, break_long_words=False, break_on_hyphens=False)
    return f"## {case.title}\n\n{case.when}\n\n```text\n{text}\n```\n"


def input_sections() -> str:
    return (
        "## Wrong input of a resource\n\nBefore any call, property by property: what came and what AWS allows. A text "
        "is not repeated: it may be a secret. Correct "
        f"it in the program.\n\n```text\n{NEWLINE.join(check_lines())}\n```\n\n"
        "## Wrong config\n\nOne line that names the key. Correct it with `pulumi config set`, a `Consent` value in the "
        f"program.\n\n```text\n{NEWLINE.join(config_lines())}\n```\n"
    )


@pytest.fixture(scope="module", autouse=True)
def recorded_at() -> None:
    """Writes the document anew where that is asked for."""
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text("\n".join([HEAD, *map(section, CASES), IMPORT, input_sections()]))


def test_the_document_begins_with_what_always_stops_everything() -> None:
    assert DOCUMENT.read_text().startswith(HEAD)


def test_the_document_holds_the_lines_for_wrong_input() -> None:
    assert DOCUMENT.read_text().endswith(input_sections())


def test_the_document_says_what_to_do_instead_of_an_import() -> None:
    assert IMPORT in DOCUMENT.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_document_holds_the_text_as_it_is(case: Provoked) -> None:
    assert section(case) in DOCUMENT.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_no_text_repeats_a_consent_value(case: Provoked) -> None:
    assert not [value for value in CONSENT.values() if len(value) > 5 and value in text_of(case)]
