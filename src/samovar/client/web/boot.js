// Starts the client on a page that is whole without it: the page goes when the first frame is there.
(() => {
  "use strict";
  const files = "${files}";
  const plain = document.getElementById("plain");
  const add = (tag, attributes) =>
    new Promise((resolve, reject) => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  window.addEventListener("flutter-first-frame", () => plain && plain.remove(), { once: true });
  const quietly = () => {};
  add("link", { rel: "icon", type: "image/svg+xml", href: `${files}/assets/icons/icon.svg` }).catch(quietly);
  add("link", { rel: "manifest", href: `${files}/manifest.json` }).catch(quietly);
  add("link", { rel: "preload", as: "script", href: `${files}/main.dart.js` }).catch(quietly);
  // The settings come before the runtime that reads them.
  add("script", { src: `${files}/config.js` })
    .then(() => add("script", { src: `${files}/flutter_bootstrap.js` }))
    .catch(quietly);
})();
