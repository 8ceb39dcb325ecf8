"""`python -m tools.check_assumptions`: asks AWS what it documents nowhere, cheapest question first.

It makes roles, queues, streams, configurations, pipelines, a key and domains in the account, and takes them away again,
also after ^C. Nobody is enrolled. Exit code 0: everything is as assumed; 1: something is otherwise; 2: not possible, or
something could not be taken away; 130: interrupted.
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
from tools.check_assumptions.account import Account, Waits
from tools.check_assumptions.asking import ALL, Outcome, affordable, ask_all, in_order
from tools.check_assumptions.interruption import Interruption
from tools.check_assumptions.prices import SEARCH_USD, Prices
from tools.check_assumptions.speaker import Speaker

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SANDBOX_SPEED = 4.0
"""How many times as fast as people the made-up voice speaks to the local AWS."""
DOCUMENTED_RATES = {"api_calls_per_second": 10, "configuration_calls_per_second": 5}


class WrongUseError(Exception):
    """The text says what to do instead."""


def main(arguments: list[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    prices = Prices(options.search_usd)
    questions = [one for one in ALL if not options.only or one.id in options.only]
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
    outcomes = ask_all(account, questions, prices, options.budget, _tell)
    interruption.shield()
    print("Taking away what was made …", flush=True)
    account.clean_up.at_the_end()
    return _ended(account, outcomes, options.json)


def _ended(account: Account, outcomes: list[Outcome], file: Path | None) -> int:
    left = account.clean_up.left
    print(report.summary(outcomes) + ".")
    for problem in left:
        print(f"Still there, take it away by hand: {problem}", file=sys.stderr)
    if file:
        told = report.as_json(outcomes, account_id=account.account_id, region=account.region, left=left)
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if left:
        return 2
    if any(one.detail == "interrupted" for one in outcomes):
        return 130
    return 1 if any(one.verdict in ("otherwise", "not foreseen") for one in outcomes) else 0


def _tell(outcome: Outcome) -> None:
    print(report.line(outcome), flush=True)


def _account(options: argparse.Namespace, interruption: Interruption) -> Account:
    """The account of the usual AWS settings. WrongUseError where it is not the one that was named."""
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
            f"These credentials are of account {account.account_id}: name it (--account {account.account_id}) to have "
            "the questions asked there, or take --dry-run for the local AWS."
        )
        raise WrongUseError(message)
    return account


def _local(session: Session, run: str, interruption: Interruption) -> Account:
    """The local AWS with AWS's documented rates."""
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
        session, run, interruption, speaker, Waits(look=0.5, settled=3.0, silence=18.0, longest=60.0)
    )


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.check_assumptions", description=__doc__)
    parser.add_argument(
        "--plan", action="store_true", help="list the questions with their price; ask nothing"
    )
    parser.add_argument("--dry-run", action="store_true", help="ask the local AWS, with a made-up voice")
    parser.add_argument(
        "--account", default="", metavar="ID", help="the account in which to ask; has to be named"
    )
    parser.add_argument("--region", default="", help="us-east-1 or us-west-2, where voice analytics is")
    parser.add_argument("--budget", type=float, default=0.0, metavar="USD",
                        help="what the questions may cost together; 0, the default, asks the free ones")  # fmt: skip
    parser.add_argument("--search-usd", type=float, default=SEARCH_USD, metavar="USD",
                        help="the price of a search, by AWS's price page")  # fmt: skip
    parser.add_argument("--audio", type=Path, metavar="FILE",
                        help="a minute of the voice of somebody who has consented to be searched for")  # fmt: skip
    parser.add_argument("--only", action="append", default=[], metavar="ID", choices=[one.id for one in ALL],
                        help="ask this question; can be given several times")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
