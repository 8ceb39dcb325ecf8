"""`python -m tools.check_assumptions`: ask AWS about behaviour that it does not document, cheapest question first.

It creates roles, queues, streams, configurations, pipelines, a key and domains in the account, and removes
them, also after ^C. It enrolls nobody. Exit code 0: everything is as assumed; 1: something is not; 2: not
possible, or something could not be removed; 130: interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from sandbox.control import SandboxControl
from tools.check_assumptions import report
from tools.check_assumptions.account import Account
from tools.check_assumptions.asking import ALL, Outcome, affordable, ask_all, in_order
from tools.check_assumptions.interruption import Interruption
from tools.check_assumptions.prices import SEARCH_USD, Prices
from tools.check_assumptions.speaker import Speaker
from tools.check_assumptions.waits import Waits

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SANDBOX_SPEED = 4.0
"""How many times faster than real time the synthetic voice is sent to the local AWS."""
DOCUMENTED_RATES = {"api_calls_per_second": 10, "configuration_calls_per_second": 5}


class WrongUseError(Exception):
    """The options are wrong; the text says what to do instead."""


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return its exit code."""
    options = _options().parse_args(arguments)
    prices = Prices(options.search_usd)
    questions = [question for question in ALL if not options.only or question.id in options.only]
    if options.plan:
        within = affordable(questions, prices, options.budget)
        for question in in_order(questions, prices):
            print(report.plan_line(question, prices, within=within[question.id]))
        return 0
    interruption = Interruption()
    try:
        account = _account(options, interruption)
    except (WrongUseError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 2
    interruption.listen()
    outcomes = ask_all(account, questions, prices, options.budget, _print)
    interruption.shield()
    print("Removing what was created …", flush=True)
    account.clean_up.at_the_end()
    return _finish(account, outcomes, options.json)


def _finish(account: Account, outcomes: list[Outcome], file: Path | None) -> int:
    left = account.clean_up.left
    print(report.summary(outcomes) + ".")
    for problem in left:
        print(f"Not removed, remove it by hand: {problem}", file=sys.stderr)
    if file:
        content = report.as_json(outcomes, account_id=account.account_id, region=account.region, left=left)
        file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if left:
        return 2
    if any(outcome.detail == "interrupted" for outcome in outcomes):
        return 130
    return 1 if any(outcome.verdict in ("otherwise", "not foreseen") for outcome in outcomes) else 0


def _print(outcome: Outcome) -> None:
    print(report.line(outcome), flush=True)


def _account(options: argparse.Namespace, interruption: Interruption) -> Account:
    """Return the account of the usual AWS settings.

    Raises:
        WrongUseError: It is not the account that was named.
    """
    session = get_session()
    if options.region:
        session.set_config_variable("region", options.region)
    run = uuid.uuid4().hex[:8]
    if options.dry_run:
        return _local(session, run, interruption)
    speaker = Speaker(session, options.audio) if options.audio else None
    account = Account(session, run, interruption, speaker)
    if account.account_id != options.account:
        message = (
            f"These credentials belong to account {account.account_id}. To ask the questions there, name it: "
            f"--account {account.account_id}. To ask the local AWS: --dry-run."
        )
        raise WrongUseError(message)
    return account


def _local(session: Session, run: str, interruption: Interruption) -> Account:
    """Return the local AWS, with AWS's documented rates."""
    endpoint = str(session.create_client("sts").meta.endpoint_url)
    if urlsplit(endpoint).hostname not in LOOPBACK:
        message = (
            f"--dry-run asks the local AWS, and {endpoint} is not on this machine. Start it and use it: "
            'python3 -m sandbox start; eval "$(python3 -m sandbox env)"'
        )
        raise WrongUseError(message)
    SandboxControl(endpoint).set_quotas(**DOCUMENTED_RATES)
    speaker = Speaker(session, None, speed=SANDBOX_SPEED)
    return Account(
        session, run, interruption, speaker, Waits(poll=0.5, settled=3.0, silence=18.0, longest=60.0)
    )


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.check_assumptions", description=__doc__)
    parser.add_argument(
        "--plan", action="store_true", help="list the questions with their price; ask nothing"
    )
    parser.add_argument("--dry-run", action="store_true", help="ask the local AWS, with a synthetic voice")
    parser.add_argument("--account", default="", metavar="ID", help="the account in which to ask; required")
    parser.add_argument(
        "--region", default="", help="us-east-1 or us-west-2, the regions with voice analytics"
    )
    parser.add_argument("--budget", type=float, default=0.0, metavar="USD",
                        help="the maximum price of all questions; 0, the default, asks the free ones")  # fmt: skip
    parser.add_argument("--search-usd", type=float, default=SEARCH_USD, metavar="USD",
                        help="the price of a search on AWS's price page")  # fmt: skip
    parser.add_argument("--audio", type=Path, metavar="FILE",
                        help="a minute of the voice of a person who has consented to the search")  # fmt: skip
    parser.add_argument("--only", action="append", default=[], metavar="ID", choices=[question.id for question in ALL],
                        help="ask this question; can be given several times")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
