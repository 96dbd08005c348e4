"""The one page of the client: it loads the runtime, and holds what may be loaded to our own origin."""

import json
from importlib import resources

PREFIX = "/client"
SOCKET_PATH = f"{PREFIX}/ws"
COOKIE_MAX_AGE_S = 400 * 24 * 3_600  # The longest that browsers keep one (RFC 6265bis, section 5.5).
_FOLDER = resources.files("samovar.client.web")
_TEMPLATE = (_FOLDER / "page.html").read_text("utf-8")
_BOOT = (_FOLDER / "boot.js").read_text("utf-8")
# One name for ever: pages of catalog start the client by it (ADR 0159).
BOOT_PATH = f"{PREFIX}/boot.js"
_WORKER = (_FOLDER / "worker.js").read_text("utf-8")
WORKER_PATH = f"{PREFIX}/worker.js"
# `wasm-unsafe-eval` compiles CanvasKit and evaluates no text; the engine writes its own `style` elements.
# Who has chosen so in the settings need not ask for what is read out: it is there with the first frame.
_DESCRIBED = """
try {
  if (localStorage.getItem("flutter.samovar.described") === "true") {
    const ask = () => {
      const button = document.querySelector("flt-semantics-placeholder");
      if (button) { button.click(); } else { requestAnimationFrame(ask); }
    };
    window.addEventListener("flutter-first-frame", ask, { once: true });
  }
} catch (error) { /* A browser that keeps nothing has nothing chosen. */ }
"""
# What the page says by itself. A browser that loses its line holds the socket for a while, and whatever is pressed waits. Where nobody
# answers a new socket, Flet would show a white page in its own language: one of ours lies over it until the screen is there again.
_AWAY = """
(() => {
  let kept = "";
  try { kept = localStorage.getItem("flutter.samovar.language") || ""; } catch (error) { /* Nothing is kept here. */ }
  const english = kept ? kept.includes("en") : !/ru/i.test((navigator.languages || [navigator.language]).join());
  const sign = (id, text, style) => {
    const element = document.createElement("div");
    element.id = id;
    element.setAttribute("role", "status");
    element.textContent = text;
    element.style.cssText = `position:fixed;left:0;right:0;top:0;text-align:center;${style}`;
    return element;
  };
  const strip = sign("away", english
    ? "No internet connection. What you press happens once it is back."
    : "Нет подключения к интернету. Нажатое сработает, когда оно вернётся.",
    "z-index:9999;padding:10px 16px;background:#F4C152;color:#1B1205;font:600 14px/1.4 system-ui,sans-serif");
  const cover = sign("unanswered", english
    ? "Samovar does not answer. Connecting again…"
    : "Самовар не отвечает. Подключаемся снова…",
    "z-index:9998;bottom:0;padding:40vh 16px 0;background:#0F1216;color:#EEF1F6;font:500 16px/1.5 system-ui,sans-serif");
  window.addEventListener("offline", () => document.body.append(strip));
  window.addEventListener("online", () => strip.remove());
  const drawn_ms = 1000;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      let answered = false;
      this.addEventListener("message", () => {
        answered = true;
        setTimeout(() => cover.remove(), drawn_ms);
      }, { once: true });
      this.addEventListener("close", () => { if (!answered) document.body.append(cover); });
    }
  };
})();
"""
# The worker that keeps the program compiled begins once the first screen is there, and nobody waits for it.
_KEEPING = f"""
if ("serviceWorker" in navigator) {{
  const keep = () => navigator.serviceWorker.register("{WORKER_PATH}", {{ scope: "/" }}).catch(() => {{}});
  window.addEventListener("flutter-first-frame", () => setTimeout(keep, 1000), {{ once: true }});
}}
"""
_POLICY = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    # The engine fetches pictures also where they stand in the address itself: such a request goes nowhere.
    "connect-src 'self' data:",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'none'",
)
POLICY = "; ".join(_POLICY)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page(digest: str) -> bytes:
    """Return the page of the release with this digest."""
    return _TEMPLATE.replace("${files}", f"{PREFIX}/{digest}").encode()


def boot(digest: str) -> bytes:
    """Return the script that starts the client of this release on a page that is whole without it."""
    return _BOOT.replace("${files}", f"{PREFIX}/{digest}").encode()


def worker(digest: str) -> bytes:
    """Return the service worker of this release."""
    return _WORKER.replace("${files}", f"{PREFIX}/{digest}").encode()


def config(digest: str) -> bytes:
    """Return the script with the settings of the runtime: everything of our own, CanvasKit, clean paths."""
    files = f"{PREFIX}/{digest}/"
    settings = {
        "pyodide": False,
        "multiView": False,
        "noCdn": True,
        "webSocketEndpoint": SOCKET_PATH,
        "entrypointBaseUrl": files,
        "assetBase": files,
        "routeUrlStrategy": "path",
        "canvasKitBaseUrl": f"{files}canvaskit/",
        "webRenderer": "canvaskit",
        "fontFallbackBaseUrl": f"{files}assets/fonts/",
    }
    loaded = "flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });"
    return f"var flet = {json.dumps(settings)};\n{loaded}\n{_DESCRIBED}{_AWAY}{_KEEPING}".encode()


def manifest(digest: str) -> bytes:
    """Return the manifest with which a browser installs the client as an application."""
    icon = {"src": f"{PREFIX}/{digest}/assets/icons/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    about = {
        "name": "Самовар",
        "short_name": "Самовар",
        "description": "Магазин и библиотека игр",
        "lang": "ru",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#0F1216",
        "theme_color": "#0F1216",
        "icons": [icon, {**icon, "purpose": "maskable"}],
    }
    return json.dumps(about, ensure_ascii=False).encode()
