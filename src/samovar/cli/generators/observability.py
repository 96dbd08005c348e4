"""What Prometheus and Grafana need: scrape targets, alerts and the board of the platform, from the list of services.

The files are JSON, which is YAML as well. `service:8000` are the names that Compose and Kubernetes give.
"""

from typing import Any

from samovar.cli.generators.catalogues import as_json
from samovar.cli.generators.contract import Contract

FOLDER = "deploy/observability"
RATE_WINDOW = "5m"
_PANEL_WIDTH, _PANEL_HEIGHT, _COLUMNS = 8, 7, 3

_SELECT = '{service=~"$service"}'
# Title, unit of Grafana, expression.
PANELS = (
    (
        "Requests a second",
        "reqps",
        f"sum by (service) (rate(samovar_http_requests_total{_SELECT}[{RATE_WINDOW}]))",
    ),
    (
        "Share of 5xx",
        "percentunit",
        (
            f'sum by (service) (rate(samovar_http_requests_total{{service=~"$service",status=~"5.."}}[{RATE_WINDOW}]))'
            f" / sum by (service) (rate(samovar_http_requests_total{_SELECT}[{RATE_WINDOW}]))"
        ),
    ),
    (
        "REST p99",
        "s",
        (
            "histogram_quantile(0.99, sum by (service, le) "
            f"(rate(samovar_http_request_duration_seconds_bucket{_SELECT}[{RATE_WINDOW}])))"
        ),
    ),
    (
        "gRPC p99",
        "s",
        (
            "histogram_quantile(0.99, sum by (service, le) "
            f"(rate(samovar_rpc_server_duration_seconds_bucket{_SELECT}[{RATE_WINDOW}])))"
        ),
    ),
    ("Connections in use", "short", f"samovar_pool_connections_in_use{_SELECT}"),
    (
        "Wait for a connection, p99",
        "s",
        f"histogram_quantile(0.99, sum by (service, le) (rate(samovar_pool_wait_seconds_bucket{_SELECT}[{RATE_WINDOW}])))",
    ),
    ("Oldest unpublished event", "s", f"samovar_outbox_oldest_age_seconds{_SELECT}"),
    ("Consumer lag", "s", f"samovar_consumer_lag_seconds{_SELECT}"),
    ("Dead letters", "short", f"samovar_dead_letters{_SELECT}"),
    (
        "Cache hits",
        "percentunit",
        (
            f'sum by (service) (rate(samovar_cache_reads_total{{service=~"$service",outcome="hit"}}[{RATE_WINDOW}]))'
            f" / sum by (service) (rate(samovar_cache_reads_total{_SELECT}[{RATE_WINDOW}]))"
        ),
    ),
    (
        "Failed jobs a second",
        "ops",
        f'rate(samovar_job_runs_total{{service=~"$service",outcome="failed"}}[{RATE_WINDOW}])',
    ),
    (
        "Loop lag, p99",
        "s",
        f"histogram_quantile(0.99, sum by (instance, le) (rate(samovar_event_loop_lag_seconds_bucket[{RATE_WINDOW}])))",
    ),
    (
        "Contents served",
        "Bps",
        f"sum by (kind) (rate(samovar_download_content_bytes_total[{RATE_WINDOW}]))",
    ),
    (
        "Made of builds in the background",
        "Bps",
        (
            f'label_replace(sum(rate(samovar_download_delta_bytes_total[{RATE_WINDOW}])), "kind", "deltas", "", "")'
            f" or sum by (when) (rate(samovar_download_settled_bytes_total[{RATE_WINDOW}]))"
        ),
    ),
    (
        "Packs to be compressed again, and waste",
        "short",
        "max by (state) (samovar_download_unsettled_packs) or max(samovar_download_waste_waiting)",
    ),
)

# Name, expression, how long it must hold, what it means.
ALERTS = (
    ("ServiceDown", 'up{job="samovar"} == 0', "1m", "A service does not answer its metrics page."),
    (
        "ManyServerErrors",
        (
            f'sum by (service) (rate(samovar_http_requests_total{{status=~"5.."}}[{RATE_WINDOW}]))'
            f" / sum by (service) (rate(samovar_http_requests_total[{RATE_WINDOW}])) > 0.01"
        ),
        "5m",
        "More than one request in a hundred fails by our fault.",
    ),
    (
        "OutboxStuck",
        "samovar_outbox_oldest_age_seconds > 60",
        "2m",
        "Events are committed but not published: is NATS away?",
    ),
    (
        "ConsumerBehind",
        "samovar_consumer_pending > 10000",
        "5m",
        "A consumer cannot keep up with its stream.",
    ),
    (
        "DeadLetters",
        "samovar_dead_letters > 0",
        "5m",
        "Events wait for someone to look: samovar events dead.",
    ),
    (
        "MessagesStuck",
        "samovar_messages_oldest_age_seconds > 120",
        "2m",
        "Mails, text messages or calls do not leave: is the mail server or the phone gateway away?",
    ),
    (
        "BooksWrong",
        "max(samovar_payment_ledger_faults) > 0",
        "0m",
        "An invariant of money is broken: stop payouts, run samovar ledger check, read docs/operations.md.",
    ),
    (
        "MoneyStuck",
        "max by (kind) (samovar_payment_stuck_money) > 0",
        "10m",
        "Money waits for a person: /v1/admin/payments/stuck-money says what and why.",
    ),
    (
        "ReceiptsLate",
        "max(samovar_payment_receipts_late) > 0",
        "10m",
        "Fiscal receipts do not reach a cash register; the law gives a day: is the service away?",
    ),
    (
        "ReceiptsRefused",
        "max(samovar_payment_receipts_refused) > 0",
        "10m",
        "No cash register takes some receipts: finance mends them, /v1/admin/payments/receipts?state=refused.",
    ),
    (
        "DeltasFail",
        'sum(increase(samovar_download_deltas_total{outcome="failed"}[3h])) > 2',
        "5m",
        "Deltas between builds cannot be made, and updates are several times larger: the log of download says why.",
    ),
    (
        "PacksNotSettled",
        'max(samovar_download_unsettled_packs{state="given_up"}) > 0',
        "1h",
        "Packs of builds cannot be compressed again: if they cannot be read, players cannot install these builds either.",
    ),
    (
        "SettlingBehind",
        'min_over_time(samovar_download_unsettled_packs{state="waiting"}[6h]) > 1000',
        "1h",
        "More is uploaded than can be compressed again: give the jobs of download a processor, or set download.settle_builds to false.",
    ),
    (
        "WasteStays",
        "max(samovar_download_waste_waiting) > 0 and sum(increase(samovar_download_waste_objects_total[7d])) == 0",
        "7d",
        "Nothing that is not needed any more leaves the store of builds: may download delete there?",
    ),
    (
        "PoolExhausted",
        f"histogram_quantile(0.99, sum by (service, le) (rate(samovar_pool_wait_seconds_bucket[{RATE_WINDOW}]))) > 0.5",
        "5m",
        "Requests wait for a connection to PostgreSQL.",
    ),
    (
        "LoopBlocked",
        f"histogram_quantile(0.99, sum by (instance, le) (rate(samovar_event_loop_lag_seconds_bucket[{RATE_WINDOW}]))) > 0.25",
        "5m",
        "Something blocks the loop of a process.",
    ),
)


def files(contracts: list[Contract]) -> dict[str, bytes]:
    """Return the files under `deploy/observability`."""
    return {
        f"{FOLDER}/prometheus.yml": as_json(_prometheus([contract.name for contract in contracts])),
        f"{FOLDER}/alerts.yml": as_json(_alerts()),
        f"{FOLDER}/grafana/samovar.json": as_json(_board()),
    }


def _prometheus(services: list[str]) -> dict[str, Any]:
    targets = [{"targets": [f"{name}:8000"], "labels": {"container": name}} for name in services]
    return {
        "global": {"scrape_interval": "15s", "evaluation_interval": "15s"},
        "rule_files": ["alerts.yml"],
        "scrape_configs": [
            {"job_name": "samovar", "static_configs": targets},
            {
                "job_name": "envoy",
                "metrics_path": "/stats/prometheus",
                "static_configs": [{"targets": ["envoy:9901"]}],
            },
        ],
    }


def _alerts() -> dict[str, Any]:
    rules = [
        {
            "alert": name,
            "expr": expression,
            "for": held,
            "labels": {"severity": "page" if name == "ServiceDown" else "ticket"},
            "annotations": {"summary": meaning},
        }
        for name, expression, held, meaning in ALERTS
    ]
    return {"groups": [{"name": "samovar", "rules": rules}]}


def _board() -> dict[str, Any]:
    return {
        "uid": "samovar",
        "title": "Samovar",
        "schemaVersion": 39,
        "refresh": "15s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {
            "list": [
                {
                    "name": "service",
                    "type": "query",
                    "datasource": {"type": "prometheus", "uid": "prometheus"},
                    "query": "label_values(samovar_http_requests_total, service)",
                    "includeAll": True,
                    "multi": True,
                    "current": {"text": "All", "value": "$__all"},
                }
            ]
        },
        "panels": [_panel(number, *panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, title: str, unit: str, expression: str) -> dict[str, Any]:
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "gridPos": {
            "x": number % _COLUMNS * _PANEL_WIDTH,
            "y": number // _COLUMNS * _PANEL_HEIGHT,
            "w": _PANEL_WIDTH,
            "h": _PANEL_HEIGHT,
        },
        "targets": [
            {
                "refId": "A",
                "expr": expression,
                "legendFormat": "{{service}} {{consumer}} {{kind}} {{when}} {{state}}",
            }
        ],
    }
