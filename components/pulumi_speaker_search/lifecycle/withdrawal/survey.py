"""Find everything under a consent record in a region. Each survey asks AWS anew, and changes nothing.

A pipeline, domain or stream is under the record if its own tags in AWS refer to it. So are the tasks on such a
pipeline, the tasks that use such a domain or stream, and the profiles of such a domain; and the tasks and profiles that
a stack's state declares under it, because AWS keeps no tags of these. What can't be read is named, and hides nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..aws_call import Aws
from ..ledger_carriers import carriers_in, has_ledger
from .parts import Holdings, Inquiry, together
from .profiles import find_profiles
from .sources import DOMAIN, find_sources
from .tasks import find_tasks


def survey(aws: Aws, inquiry: Inquiry) -> Holdings:
    """Return what is under the consent record in this region of AWS, ended or not."""

    def matters(tags: Mapping[str, str]) -> bool:
        return inquiry.is_under(tags) or has_ledger(tags)

    carriers = carriers_in(aws, inquiry.record, inquiry.region, matters=matters)
    sources = find_sources(aws, inquiry, carriers.running)
    domains = [part.id for part in sources.parts if part.noun == DOMAIN]
    tasks = find_tasks(aws, inquiry, carriers.running, under=frozenset(part.id for part in sources.parts))
    profiles = find_profiles(aws, inquiry, domains)
    return together([Holdings(unread=carriers.unread), sources, tasks, profiles])
