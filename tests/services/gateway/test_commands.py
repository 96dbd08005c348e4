"""The operator's command writes what Envoy accepts."""

import json
import subprocess
from pathlib import Path

import pytest

from samovar.cli.main import main
from samovar.embedded.envoy import PROGRAM

SETTINGS = {
    "SAMOVAR_PLATFORM__REDIS_URL": "redis://redis:6379/0",
    "SAMOVAR_PLATFORM__NATS_URL": "nats://nats:4222",
    "SAMOVAR_PLATFORM__RPC_SECRET": "secret",
    "SAMOVAR_PLATFORM__ORIGIN": "https://shop.example",
    "SAMOVAR_PLATFORM__OTLP_ENDPOINT": "http://collector:4318",
    "SAMOVAR_GATEWAY__CORS_ORIGINS": '["https://pages.example"]',
    "SAMOVAR_GATEWAY__TRUSTED_HOPS": "1",
}


def test_the_configuration_of_this_platform_is_accepted_by_envoy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    assert main(["gateway", "write-envoy", str(tmp_path), "--host", "0.0.0.0", "--port", "18080"]) == 0
    first = Path(capsys.readouterr().out.strip())
    assert first == tmp_path / "envoy.json"
    clusters = json.loads((tmp_path / "clusters.json").read_text())["resources"]
    auth = next(cluster for cluster in clusters if cluster["name"] == "auth")
    address = auth["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]
    assert address["socket_address"] == {"address": "auth", "port_value": 8000}
    assert "${" not in "".join(file.read_text() for file in tmp_path.iterdir())
    checked = subprocess.run(
        [PROGRAM.find(), "--mode", "validate", "--config-path", first, "--log-level", "warning"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "eprecated" not in checked.stderr
