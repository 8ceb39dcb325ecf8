"""`python -m tools.demonstration feed TOKEN`: enrol voices, send audio and print what happens, while Pulumi works.

It ends when the file `RUNNING` no longer has its token, when every search has ended after Pulumi has, or after
`LONGEST_SECONDS`.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.control import ControlError, SandboxControl
from tools.demonstration.account import CALL_SECONDS, SPEED, VOICES, Account
from tools.demonstration.watching import Watch, print_line

RUNNING = "running"
UP_ENDED = "up-ended"
"""The file that exists once Pulumi has ended, after which no search is started."""
POLL_SECONDS = 0.2
LONGEST_SECONDS = 300.0


class Feeder:
    """Sends audio to new streams. `before`: ids of the tasks and names of the streams that existed before."""

    def __init__(
        self, folder: Path, control: SandboxControl, account: Account, token: str, before: frozenset[str]
    ) -> None:
        self._folder, self._control, self._account, self._token = folder, control, account, token
        self._before = before
        self._watch = Watch(control, account, before)
        self._senders: dict[str, subprocess.Popen[bytes]] = {}

    def run(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> bool:
        """Run to the end; return whether every search had its matches and has ended."""
        deadline = now() + LONGEST_SECONDS
        try:
            while self._is_wanted() and now() < deadline:
                self._enrol()
                self._send()
                up_ended = (self._folder / UP_ENDED).exists()
                if self._watch.all_ended() and up_ended:
                    if not self._watch.tasks():
                        print_line("No search was started: the declared one was started earlier.")
                    return True
                sleep(POLL_SECONDS)
        except (BotoCoreError, ClientError, ControlError, OSError) as error:
            print_line(f"The demonstration ended with an error: {error}")
        finally:
            for sender in self._senders.values():
                sender.terminate()
                sender.wait()
        return False

    def _is_wanted(self) -> bool:
        try:
            return (self._folder / RUNNING).read_text(encoding="utf-8") == self._token
        except FileNotFoundError:
            return False

    def _enrol(self) -> None:
        for domain in self._account.empty_domains():
            for voice in VOICES:
                profile = self._control.enrol(domain, voice)
                self._watch.names[profile] = voice
                print_line(f"Enrolled {voice} in the domain: {profile}.")

    def _send(self) -> None:
        """Send audio to every new stream, and to each stream of a new search."""
        # A sender that was refused (one of an earlier run may still be connected) is started again.
        self._senders = {name: sender for name, sender in self._senders.items() if sender.poll() in {None, 0}}
        wanted = (set(self._account.streams()) - self._before) | self._watch.streams()
        for stream in wanted - self._senders.keys():
            print_line(f"{VOICES[0]} speaks in stream {stream}, {SPEED} times faster than real time.")
            command = [sys.executable, "-m", "examples.send_audio", "--stream", stream, "--voice", VOICES[0],
                       "--seconds", str(CALL_SECONDS), "--speed", str(SPEED)]  # fmt: skip
            with (self._folder / "sender.log").open("ab") as log:
                self._senders[stream] = subprocess.Popen(command, stdout=log, stderr=log)
