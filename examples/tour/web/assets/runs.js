// The ways to run a demo. Each is called with its form, the button that was pressed, what is asked for, the console and
// an AbortController that stops it.

import { octetsOf } from "./request.js";

// show sends a request and shows the answer. With bare, the answer's own head is left out.
async function show({ method, path, fields, body }, { panel, stopper, title, bare }) {
  panel.begin(title ?? `${method} ${path}`, stopper);
  try {
    const answer = await fetch(path, { method, headers: fields, body, signal: stopper.signal, cache: "no-store" });
    if (!bare) {
      panel.head(answer.status, answer.statusText, answer.headers);
      if (answer.redirected) panel.add(`(redirected to ${new URL(answer.url).pathname})\n\n`);
    }
    if (answer.body) {
      for await (const piece of pieces(answer.body)) panel.add(piece);
    }
    panel.end();
  } catch (error) {
    panel.broken(stopper.signal.aborted ? "Stopped." : `The answer broke off: ${error.message}.`);
  }
}

async function* pieces(stream) {
  const reader = stream.getReader();
  const text = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield text.decode(value, { stream: true });
  }
}

export const runs = {
  fetch: ({ asked, panel, stopper }) => show(asked, { panel, stopper }),

  // wire has the tour's server send the octets of a request to itself, and shows all octets of the answer.
  async wire({ form, button, asked, panel, stopper }) {
    const byHand = form.dataset.run === "wire";
    const body = byHand ? form.elements.body.value.replaceAll("\n", "\r\n") : octetsOf(asked);
    const title = byHand ? "your request" : `${button.dataset.wire} ${asked.path}, every octet`;
    const request = { method: "POST", path: "/wire", fields: { "Content-Type": "text/plain" }, body };
    await show(request, { panel, stopper, title, bare: true });
  },

  // upload sends a form whose progress can be seen, which fetch cannot do.
  upload({ form, button, asked, panel, stopper }) {
    const data = new FormData(form);
    if (button.dataset.make) {
      const size = button.dataset.make << 20;
      data.set("file", new Blob([new Uint8Array(size)]), `${button.dataset.make} MB of zeros`);
    }
    const bar = form.closest(".try").querySelector("progress");
    const request = new XMLHttpRequest();
    panel.begin(`${asked.method} ${asked.path}`, stopper);
    stopper.signal.addEventListener("abort", () => request.abort());
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / total));
    request.addEventListener("load", () => {
      const lines = request.getAllResponseHeaders().trim().split("\r\n");
      panel.head(request.status, request.statusText, lines.map((line) => line.split(/: (.*)/, 2)));
      panel.add(request.responseText);
      panel.end();
    });
    request.addEventListener("error", () => panel.broken("The upload broke off."));
    request.addEventListener("abort", () => panel.broken("Stopped."));
    request.open(asked.method, asked.path);
    request.send(data);
  },

  // camera shows the pictures by the browser's own means, and stops when the button is pressed again.
  camera({ form, button, asked }) {
    const view = form.closest(".try").querySelector("img");
    const open = view.hidden;
    button.textContent = open ? "Close the window" : "Open the window";
    view.hidden = !open;
    view.alt = open ? "Hills passing by under the moon" : "";
    if (open) view.src = `${asked.path}?${Date.now()}`;
    else view.removeAttribute("src");
  },
};
