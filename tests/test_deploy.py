"""What is shown for several servers: every flag, port, path and secret is a real one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
import yaml

import footnoted.cli
from footnoted.index.qdrant.address import Address as Store
from footnoted.index.qdrant.client import KEY
from footnoted.qa.page import server
from footnoted.qa.page.forwarding import addresses
from footnoted.qa.page.health import LIVES, PROBES, READY
from footnoted.qa.state.address import Address as State

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))

# What ends a server, whatever it is at, once it takes no more questions.
ENDING = server._LONGEST_FINISHING + server._LONGEST_ENDING


class Run(NamedTuple):
    """How our program is started: its arguments, and the names in its environment."""

    arguments: list[str]
    secrets: set[str]


def of_kind(kind: str) -> list[Any]:
    return [one for one in MANIFESTS if one["kind"] == kind]


def containers(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        yield from node.get("containers", ())
        for one in node.values():
            yield from containers(one)
    elif isinstance(node, list):
        for one in node:
            yield from containers(one)


def runs() -> Iterator[Run]:
    for service in COMPOSE["services"].values():
        if service["image"] == "footnoted":
            program, *before = service.get("entrypoint", ["footnoted"])
            assert program == "footnoted"
            more = service["command"] or ["list"]
            yield Run([*before, *more], set(service["environment"]))
    for one in containers(MANIFESTS):
        if one["image"] == "footnoted":
            yield Run(one["args"], {variable["name"] for variable in one["env"]})


def parsed(arguments: list[str]) -> dict[str, Any]:
    """What the command line makes of them, with those of the command below another.

    Raises:
        typer.TyperException: it has no such command or option.
    """
    command: Any = typer.main.get_command(footnoted.cli.cli)
    found: dict[str, Any] = {}
    left = list(arguments)
    while True:
        context = command.make_context("footnoted", left, resilient_parsing=False)
        found |= {name: value for name, value in context.params.items() if value is not None}
        left = [*context._protected_args, *context.args]
        if not (hasattr(command, "commands") and left):
            return found
        command = command.commands[left.pop(0)]


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: " ".join(run.arguments[:2]))
def test_what_is_started_is_understood(run: Run) -> None:
    given = parsed(run.arguments)
    if store := given.get("store"):
        assert not Store.parse(store).folder and KEY in run.secrets
    if state := given.get("state"):
        assert State.parse(state) and "PGPASSWORD" in run.secrets
    assert store or state
    addresses(given.get("behind") or [])


def test_what_is_no_option_is_seen() -> None:
    with pytest.raises(Exception, match="No such option"):
        parsed(["serve", "--made-up"])
    with pytest.raises(KeyError):
        parsed(["accounts", "--state=postgresql://db/kept", "made-up"])


def test_the_servers_of_compose_are_those_that_are_asked() -> None:
    services = COMPOSE["services"].items()
    served = {name: one for name, one in services if "serve" in (one.get("command") or ())}
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    (asked,) = re.findall(r"reverse_proxy ([^{]+)", text)
    port = {parsed(one["command"])["port"] for one in served.values()}
    assert port == {7860} and asked.split() == [f"{name}:7860" for name in served]
    assert re.findall(r"health_uri (\S+)", text) == [READY]
    for one in served.values():
        given = parsed(one["command"])
        assert int(one["stop_grace_period"].rstrip("s")) >= given["drain"] + ENDING
        assert f"http://127.0.0.1:7860{READY}'" in one["healthcheck"]["test"][-1]
        (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
        assert given["behind"] == [network["subnet"]]
    every = COMPOSE["services"].values()
    mounted = [volume.partition(":")[0] for one in every for volume in one.get("volumes", ())]
    for place in mounted:
        is_file = place.startswith("./")
        assert (
            (DEPLOY / place).is_file()
            if is_file
            else place[0] == "$" or place in COMPOSE["volumes"]
        )
    assert (ROOT / COMPOSE["x-footnoted"]["build"]["dockerfile"]).is_file()


def test_the_servers_of_kubernetes_are_those_that_are_asked() -> None:
    (deployment,) = of_kind("Deployment")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    given = parsed(container["args"])
    assert pod["terminationGracePeriodSeconds"] >= given["drain"] + ENDING
    (port,) = container["ports"]
    assert port["containerPort"] == given["port"]
    looks = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert {one["path"] for one in looks.values()} == set(PROBES)
    assert looks["readinessProbe"]["path"] == READY and looks["livenessProbe"]["path"] == LIVES
    assert {one["port"] for one in looks.values()} == {port["name"]}
    assert str(given["home"]) in [one["mountPath"] for one in container["volumeMounts"]]
    # What is out of order for so long that it is not asked any more is noticed before it ends.
    look = container["readinessProbe"]
    assert given["drain"] > look["periodSeconds"] * look["failureThreshold"]
    services = {one["metadata"]["name"]: one["spec"]["ports"][0] for one in of_kind("Service")}
    assert services["footnoted"]["targetPort"] == port["name"]
    assert Store.parse(given["store"]).url == f"http://qdrant:{services['qdrant']['port']}"
    assert f"@postgresql:{services['postgresql']['port']}/" in given["state"]


def test_labels_and_secrets_belong_together() -> None:
    for one in (*of_kind("Deployment"), *of_kind("StatefulSet")):
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert one["spec"]["selector"]["matchLabels"] == labels
        assert {"selector": labels}.items() <= {
            key: value
            for service in of_kind("Service")
            if service["metadata"]["name"] == one["metadata"]["name"]
            for key, value in service["spec"].items()
        }.items()
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    told = set(re.findall(r"--from-literal=(\w+)=", text))
    assert set(re.findall(r"secretKeyRef: \{ name: footnoted, key: (\w+) \}", text)) == told
    told = set(re.findall(r"^#   (\w+)=", (DEPLOY / "compose.yaml").read_text("utf-8"), re.M))
    assert set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text("utf-8"))) == told


def test_the_image_has_what_it_is_started_with() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (extras,) = re.findall(r"/source\[([\w,]+)\]", text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"mcp", "postgresql", "qdrant"} <= set(extras.split(","))
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    assert re.findall(r"^EXPOSE (\d+)$", text, re.M) == ["7860"]
    assert re.findall(r"^ENTRYPOINT (.*)$", text, re.M) == ['["footnoted"]']
    (deployment,) = of_kind("Deployment")
    user = deployment["spec"]["template"]["spec"]["securityContext"]["runAsUser"]
    assert f"USER {user}\n" in text
