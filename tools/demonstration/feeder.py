"""`python -m tools.demonstration feed TOKEN`: runs beside Pulumi. Enrols voices, sends audio, says what happens.

It ends when the file `RUNNING` no longer holds its token, when every search is over once Pulumi has ended, or by
itself after a while.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.control import ControlError, SandboxControl
from tools.demonstration.account import CALL_SECONDS, SPEED, VOICES, Account
from tools.demonstration.watching import Watch, say

RUNNING = "running"
UP_ENDED = "up-ended"
"""The file that says that Pulumi has ended: no search will be started any more."""
LOOK_SECONDS = 0.2
LONGEST_SECONDS = 300.0


class Feeder:
    """`before`: ids of the tasks and names of the streams that were there before Pulumi began."""

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
        """Whether every search had its matches and has ended."""
        deadline = now() + LONGEST_SECONDS
        try:
            while self._is_wanted() and now() < deadline:
                self._enrol()
                self._send()
                up_ended = (self._folder / UP_ENDED).exists()
                if self._watch.all_over() and up_ended:
                    if not self._watch.tasks():
                        say("No search was started: that of this declaration was started before.")
                    return True
                sleep(LOOK_SECONDS)
        except (BotoCoreError, ClientError, ControlError, OSError) as error:
            say(f"The demonstration ends: {error}")
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
                say(f"Enrolled {voice} in the domain: {profile}.")

    def _send(self) -> None:
        """To every new stream, and to each in which a new search listens."""
        # One that was refused (the sender of an earlier run may still be connected) is started anew.
        self._senders = {name: one for name, one in self._senders.items() if one.poll() in {None, 0}}
        wanted = (set(self._account.streams()) - self._before) | self._watch.streams()
        for stream in wanted - self._senders.keys():
            say(f"{VOICES[0]} speaks in the stream {stream}, {SPEED} times as fast as people do.")
            command = [sys.executable, "-m", "examples.send_audio", "--stream", stream, "--voice", VOICES[0],
                       "--seconds", str(CALL_SECONDS), "--speed", str(SPEED)]  # fmt: skip
            with (self._folder / "sender.log").open("ab") as log:
                self._senders[stream] = subprocess.Popen(command, stdout=log, stderr=log)
