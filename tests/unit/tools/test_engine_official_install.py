"""The second way: the Automation API's own install code runs, with a script of ours instead of Pulumi's."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi.automation import _cmd

from tools.engine import official_install, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

INSTALL_SCRIPT = """#!/bin/sh
mkdir -p "$3/bin"
for name in {names}; do printf '#!/bin/sh\\necho v%s\\n' "$5" > "$3/bin/$name"; chmod 755 "$3/bin/$name"; done
"""


def test_the_automation_api_installs_into_the_folder_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = INSTALL_SCRIPT.format(names=" ".join(record.PROGRAMS))
    addresses: list[str] = []

    def download(url: str, path: str) -> None:
        addresses.append(url)
        Path(path).write_text(script)

    monkeypatch.setattr(_cmd, "_download_to_file", download)
    official_install.install(tmp_path / "official")
    assert (tmp_path / "official" / "bin" / "pulumi").is_file()
    assert addresses == [official_install.INSTALL_SCRIPT]


@pytest.fixture
def python(root: Path, write_program: Callable[[Path, str], Path]) -> Callable[..., None]:
    """What stands for `.venv/bin/python -m tools.engine.official_install reach | install FOLDER`."""

    def answer(*, reach: str = "exit 0", install: str = "exit 0") -> None:
        script = f"case $3 in reach) {reach} ;; install) {install} ;; esac\n"
        write_program(root / ".venv" / "bin" / "python", script)

    return answer


def installing(version: str) -> str:
    names = " ".join(record.PROGRAMS)
    write = 'printf "#!/bin/sh\\necho v%s\\n" > "$4/bin/$n"' % version  # noqa: UP031
    return f'mkdir -p "$4/bin"; for n in {names}; do {write}; chmod 755 "$4/bin/$n"; done'


def test_an_install_is_linked_into_place(root: Path, progress: Progress, python: Callable[..., None]) -> None:
    python(install=installing("3.272.0"))
    engine = official_install.use(root, progress, os.environ)
    assert (engine.kind, engine.version) == ("official", "3.272.0")
    assert record.current(root) == engine
    assert (root / ".engine" / "bin" / "pulumi").resolve() == root / ".engine" / "official" / "bin" / "pulumi"


def test_without_a_network_it_closes_at_once_and_says_why(
    root: Path, progress: Progress, python: Callable[..., None]
) -> None:
    python(reach="echo 'URLError: Name or service not known'; exit 1", install="touch installed")
    with pytest.raises(
        StrategyUnavailableError,
        match=r"reaching Pulumi's site is not possible here \(URLError: Name or service",
    ):
        official_install.use(root, progress, os.environ)
    assert not (root / "installed").exists()


def test_a_site_that_does_not_answer_is_given_up(
    root: Path, progress: Progress, python: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official_install, "REACH_TIMEOUT_SECONDS", 0.3)
    python(reach="sleep 60")
    with pytest.raises(StrategyUnavailableError, match="reaching Pulumi's site took longer than"):
        official_install.use(root, progress, os.environ)


def test_an_install_that_stops_half_way_leaves_nothing(
    root: Path, progress: Progress, python: Callable[..., None]
) -> None:
    python(install='mkdir -p "$4/bin"; touch "$4/bin/pulumi"; exit 1')
    with pytest.raises(StrategyUnavailableError, match="installing is not possible here"):
        official_install.use(root, progress, os.environ)
    assert list((root / ".engine").iterdir()) == [root / ".engine" / "bin"]


def test_an_install_without_the_language_host_is_refused(
    root: Path, progress: Progress, python: Callable[..., None]
) -> None:
    python(install=installing("3.272.0") + '; rm "$4/bin/pulumi-language-python"')
    with pytest.raises(StrategyUnavailableError, match="lacks pulumi-language-python"):
        official_install.use(root, progress, os.environ)
