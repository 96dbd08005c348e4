// Keeps the program of this release where browsers keep what they have compiled (ADR 0190).
"use strict";
const files = "${files}";
const program = `${files}/main.dart.js`;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  if (event.addRoutes) {
    // A browser that knows routes asks the cache by itself, and wakes this worker for nothing.
    event.waitUntil(event.addRoutes([
      { condition: { urlPattern: { pathname: program } }, source: "cache" },
      { condition: { urlPattern: { pathname: "/*" } }, source: "network" },
    ]));
  }
  event.waitUntil(caches.open(files).then((cache) => cache.add(program)));
});

self.addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== files).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});

self.addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname === program) {
    event.respondWith(caches.match(event.request).then((found) => found || fetch(event.request)));
  }
});
