"""Indexing with Ray: the same as in one process, whatever is killed in the middle."""

from __future__ import annotations

import json
import os
import pickle
import platform
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psutil
import pytest
from qdrant_client import models

from footnoted import cli
from footnoted.corpus.errors import NoIndex, UnusableInput, WorkersFailed
from footnoted.corpus.types import Passage
from footnoted.index.actors import Actor
from footnoted.index.library import Library
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.points import equals
from footnoted.index.types import FileReceipt
from support.qdrant_rest import serving_qdrant
from support.ray_cluster import ON_LOOPBACK, ray_cluster
from support.small_files import small_files

pytestmark = [pytest.mark.slow, pytest.mark.models]

# Texts of which most are still to be embedded when something is killed.
MANY = 200

# The command, with batches and a lease so small that there is something to kill, and little to wait
# for.
_COMMAND = """
import sys
from footnoted.__main__ import main
from footnoted.index.cluster import OnRay
from footnoted.index.qdrant import lease
OnRay.at_once = 4
lease.LEASE_SECONDS, lease._BEAT_SECONDS = 4.0, 0.5
main()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_qdrant(tmp_path_factory.mktemp("qdrant")) as address:
        yield address


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[str, int]]:
    with ray_cluster() as cluster:
        yield cluster


@dataclass
class Trial:
    """Documents, to be indexed on a cluster into a store of their own."""

    texts: Path
    store: str
    cluster: str
    process: int
    """Whose children the cluster's processes are."""

    def begin(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _COMMAND, "index", str(self.texts), "--store", self.store]
        return subprocess.Popen(
            [*command, "--ray", self.cluster, *options],
            env={**os.environ, **ON_LOOPBACK},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def index(self, *options: str) -> tuple[int, str, str]:
        process = self.begin(*options)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def open(self) -> Library:
        return Library.open(Address.parse(self.store))

    def kept(self) -> int:
        """How many embeddings are kept for a change to come."""
        with closing(Client(Address.parse(self.store))) as client:
            return _kept(client)

    def wait_for_kept(self, number: int, process: subprocess.Popen[str]) -> None:
        with closing(Client(Address.parse(self.store))) as client:
            while _kept(client) < number:
                assert process.poll() is None, process.communicate()
                time.sleep(0.2)

    def actors(self) -> list[psutil.Process]:
        """The processes that do the work."""
        every = psutil.Process(self.process).children(recursive=True)
        return [one for one in every if "MapWorker" in _command_line(one)]


def _kept(client: Client) -> int:
    try:
        return client.count(models.Filter(must=[equals("kind", "embedding")]))
    except NoIndex:
        return 0


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@pytest.fixture
def trial(machines: tuple[str, int], served: str, tmp_path: Path) -> Trial:
    (tmp_path / "texts").mkdir()
    return Trial(tmp_path / "texts", f"{served}/{uuid4().hex}", *machines)


def write_texts(folder: Path, number: int, words: int) -> None:
    chance = random.Random(7)
    said = "boat harbour crane ferry rye bread master display pump lifts carries sails".split()
    for at in range(number):
        text = " ".join(chance.choice(said) for _ in range(words))
        (folder / f"{at}.txt").write_text(f"Log {at}. The {text}.\n")


def timeless(file: FileReceipt) -> dict[str, Any]:
    return asdict(file) | {"seconds": 0.0}


def assert_same(here: Library, there: Library) -> None:
    assert here.documents() == there.documents()
    assert here.listing() == there.listing()
    assert here.coverage() == there.coverage()
    assert [timeless(one) for one in here.files()] == [timeless(one) for one in there.files()]
    ours, theirs = _passages(here), _passages(there)
    assert ours.keys() == theirs.keys()
    for place, seen in ours.items():
        assert seen == pytest.approx(theirs[place], abs=0.004)


def _passages(library: Library) -> dict[Passage, list[float]]:
    """Each passage, with its vector as it is seen from some sides; none stands there twice."""
    store = library._store
    sides = np.random.default_rng(3).standard_normal((8, library.manifest.dimension), np.float32)
    sides /= np.linalg.norm(sides, axis=1, keepdims=True)
    with store.snapshot():
        rows = [row for row, _ in store.searches().dense.search(sides[:1], 10_000)]
        seen = list(zip(*(store.cosines(side[None], rows) for side in sides), strict=True))
        passages = store.passages(rows)
    found = {passages[row]: list(each) for row, each in zip(rows, seen, strict=True)}
    assert len(found) == len(rows) == library.coverage().passages
    return found


# -- the same as in one process --------------------------------------------------------------------


def test_many_machines_index_as_one_does(
    trial: Trial, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files of every format, some that cannot be read, changed, removed and copied."""
    texts, folder = trial.texts, tmp_path / "index"

    def index_both() -> str:
        with pytest.raises(SystemExit) as ending:
            cli.main(["index", str(texts), "--index", str(folder)])
        told = capsys.readouterr().out
        assert (ending.value.code, told, "") == trial.index()
        here, there = Library.open(folder), trial.open()
        assert here.manifest.generation == there.manifest.generation
        assert_same(here, there)
        here.close()
        there.close()
        return told

    for name, content in small_files().items():
        (texts / name).write_bytes(content)
    write_texts(texts, 12, 40)
    texts.with_suffix(".toml").write_text('["3.txt"]\ntitle = "The third"\n')
    (texts / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (texts / "empty.txt").write_text("")
    (texts / "picture.raw").write_bytes(bytes(range(256)))
    (texts / "letter").write_bytes(small_files()["text.pdf"])  # whose name tells no format
    told = index_both()
    assert "added" in told and re.search("empty.txt: .*holds no text", told), told
    (texts / "1.txt").write_text("Another boat.")
    (texts / "2.txt").unlink()
    (texts / "copy.txt").write_text((texts / "5.txt").read_text())
    (texts / "word.docx").write_bytes(b"PK broken")
    told = index_both()
    for change, name in (("updated", "1"), ("removed", "2"), ("unchanged", "3")):
        assert re.search(f"{change} .*/{name}.txt", told), told


def test_a_folder_is_written_by_the_driver_alone(trial: Trial, tmp_path: Path) -> None:
    write_texts(trial.texts, 12, 40)
    here = Library.create(tmp_path / "here")
    here.update([trial.texts])
    there = Library.create(tmp_path / "there")
    there.close()
    command = [sys.executable, "-m", "footnoted", "index", str(trial.texts), "--json"]
    run = subprocess.run(
        [*command, "--index", str(tmp_path / "there"), "--ray", trial.cluster],
        env={**os.environ, **ON_LOOPBACK},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == "" and json.loads(run.stdout)["embedded"] == 12
    there = Library.open(tmp_path / "there")
    assert_same(here, there)
    here.close()
    there.close()


# -- killed in the middle --------------------------------------------------------------------------


@pytest.mark.crash
def test_what_a_killed_worker_had_in_hand_another_does(trial: Trial, tmp_path: Path) -> None:
    write_texts(trial.texts, MANY, 35)
    process = trial.begin("--json")
    trial.wait_for_kept(40, process)
    [first, *_] = trial.actors()
    first.kill()
    assert trial.kept() < MANY
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    receipt = json.loads(out)
    assert (receipt["embedded"], receipt["generation"]) == (MANY, 1)
    here, there = Library.create(tmp_path / "here"), trial.open()
    here.update([trial.texts])
    assert_same(here, there)
    assert trial.kept() == 0
    here.close()
    there.close()


@pytest.mark.crash
def test_after_a_killed_driver_nothing_is_embedded_again(trial: Trial) -> None:
    """The generation before it is served meanwhile, and its workers change nothing."""
    (trial.texts / "old.txt").write_text("The oldest boat is called Maren.")
    there = Library.create(Address.parse(trial.store))
    there.update([trial.texts])
    write_texts(trial.texts, MANY, 35)
    process = trial.begin()
    trial.wait_for_kept(40, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert [one.id for one in there.listing()] == ["old.txt"]
    assert "Maren" in there.search("Which boat is the oldest?", 5)[0].text
    began = time.monotonic()
    while trial.actors():
        assert time.monotonic() - began < 60, "workers outlive their driver"
        time.sleep(0.2)
    kept = trial.kept()
    assert 40 <= kept < MANY
    assert there.manifest.generation == 1
    code, out, _ = trial.index("--json")
    receipt = json.loads(out)
    assert code == 0 and receipt["embedded"] == MANY - kept
    assert (receipt["generation"], receipt["coverage"]["passages"]) == (2, MANY + 1)
    assert trial.kept() == 0
    assert len(_passages(there)) == MANY + 1
    assert there.update([trial.texts]).embedded == 0
    there.close()


def test_what_a_worker_keeps_too_late_is_seen_by_nobody(trial: Trial) -> None:
    """Not even while another writes, whose change leaves nothing of it."""
    write_texts(trial.texts, 3, 20)
    library = Library.create(Address.parse(trial.store))
    library.update([trial.texts])
    keep = pickle.loads(pickle.dumps(library._store.keeper()))  # noqa: S301
    before = library.search("boat", 9), library.manifest
    late = {bytes(32): np.eye(1, library.manifest.dimension, dtype=np.float32)[0]}
    keep(late)
    assert trial.kept() == 1
    assert (library.search("boat", 9), library.manifest) == before
    write_texts(trial.texts, 4, 20)

    def keep_again(what: str, done: int, _: int) -> None:
        if what == "writing the search files" and not done:
            keep(late)

    assert library.update([trial.texts], keep_again).embedded == 1
    assert (trial.kept(), len(_passages(library))) == (0, 4)
    library.close()


# -- where files lie, and what is open -------------------------------------------------------------

_ALONE = """
import json, sys
from pathlib import Path
import psutil
from footnoted.corpus.files import find, read
from footnoted.corpus.reader_pool import ReaderPool
from footnoted.index import actors, cluster

folder = Path(sys.argv[1])
actors._PIECE, cluster._OWN_OBJECT_STORE = 100, 100 << 20
with cluster.on_ray() as workers:
    every = [psutil.Process(), *psutil.Process().children(recursive=True)]
    open_ = {at.laddr.ip for one in every for at in one.net_connections() if at.status == "LISTEN"}
    reading = actors.Reading(workers._files, None, [{}])
    with ReaderPool() as pool:
        fetched = [reading._read(pool, (found, "of other bytes", 0)) for found in find(folder)]
        gone = next(find(folder / "plain.txt"))
        gone.path.unlink()
        failed = reading._read(pool, (gone, "of other bytes", 0))
told = [(str(one.path), [d.text for d in one.documents], one.stamp.sha256) for one in fetched]
print(json.dumps([sorted(open_), told, failed.failure, failed.unopened]))
"""


def test_files_are_fetched_and_nobody_is_called_or_let_in(
    tmp_path: Path, unplugged: dict[str, str]
) -> None:
    """What does not lie on a worker's machine as it does here comes from here, in pieces."""
    from footnoted.corpus.files import read

    for name, content in small_files().items():
        (tmp_path / name).write_bytes(content)
    wanted = [
        [str(one.path), [d.text for d in one.documents], one.stamp.sha256] for one in read(tmp_path)
    ]
    command = [sys.executable, "-c", _ALONE, str(tmp_path)]
    run = subprocess.run(command, env=unplugged, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    listening, fetched, failure, unopened = json.loads(run.stdout)
    assert set(listening) <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"} and listening
    assert fetched == wanted
    assert failure == "cannot be opened: No such file or directory" and not unopened


def test_without_its_package_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['ray'] = None\n"
        "from footnoted.__main__ import main\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", program, "index", str(tmp_path), "--ray"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        "footnoted: indexing on many machines needs one more package: "
        'pip install "footnoted[ray]"\n'
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--ray", "127.0.0.1:9"], r"of no cluster at 127\.0\.0\.1:9 \(.*refused\)"),
        (["--ray", "head"], "head does not exist; a cluster of Ray's is HOST:PORT"),
        (["--ray", "--watch"], "--ray is for PATHs, and not for --rebuild or --watch"),
    ],
)
def test_what_cannot_be_is_told(
    given: list[str], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        cli.main(["index", str(tmp_path), "--index", str(tmp_path / "x"), *given])
    out, err = capfd.readouterr()
    assert (ending.value.code, out, err.count("\n")) == (2, "", 1)
    assert re.search(said, err)


def test_another_ray_than_the_clusters_is_told_with_both(
    machines: tuple[str, int], tmp_path: Path
) -> None:
    program = (
        "import sys, ray\n"
        "ray.__version__ = '2.9.0'\n"
        "from footnoted.__main__ import main\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", program, "index", str(tmp_path), "--ray", machines[0]]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, **ON_LOOPBACK},
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    cluster = version("ray")
    assert re.search(rf"let them have the same \(.*Ray: {cluster} .*Ray: 2\.9\.0 ", run.stderr)


class Failing:
    def ready(self) -> Callable[[object], float]:
        return lambda _: 1 / 0


def test_what_fails_on_a_worker_is_told_in_a_line_with_its_machine() -> None:
    row = {"item": pickle.dumps(None)}
    failed = pickle.loads(Actor(version("footnoted"), Failing())(row)["item"])  # noqa: S301
    assert isinstance(failed, WorkersFailed) and "\n" not in str(failed)
    assert f"({platform.node()}: ZeroDivisionError: division by zero)" in str(failed)
    other = pickle.loads(Actor("0.0.1", Failing())(row)["item"])  # noqa: S301
    assert isinstance(other, UnusableInput) and "this command 0.0.1; install" in str(other)


def test_an_address_may_be_left_out() -> None:
    assert cli._with_address([]) == []
    assert cli._with_address(["index", "--ray", "a/"]) == ["index", "--ray", "here", "a/"]
    assert cli._with_address(["index", "a/", "--ray"]) == ["index", "a/", "--ray", "here"]
    for address in ("auto", "10.0.0.1:6379", "[::1]:6379"):
        assert cli._with_address(["--ray", address, "a/"]) == ["--ray", address, "a/"]
