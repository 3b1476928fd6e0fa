// requestOf returns the request that a form sends when one of its buttons is pressed: { method, path, fields, body }.
//
// Beyond what HTML knows, a form may have data-path, a path in which {name} stands for the field of that name, and
// data-body, the media type of a body that is the field "body" as it is. A select with data-encoding chooses how other
// bodies are encoded. A button may have data-method, and data-header with a field "Name: value".
export function requestOf(form, button) {
  const data = new FormData(form);
  const method = (button?.dataset.wire ?? button?.dataset.method ?? form.method).toUpperCase();
  const fields = headerOf(button);
  let path = new URL(button?.hasAttribute("formaction") ? button.formAction : form.action).pathname;
  if (form.dataset.path) {
    path = form.dataset.path.replace(/{(\w+)}/g, (_, name) => {
      const value = data.get(name);
      data.delete(name);
      return encodeURIComponent(value);
    });
  }
  if (form.method === "post" && (method === "POST" || method === "PUT")) {
    return { method, path, fields, body: bodyOf(form, data, fields) };
  }
  const query = form.method === "get" ? new URLSearchParams([...data].filter(([, value]) => value !== "")) : "";
  return { method, path: `${query}` ? `${path}?${query}` : path, fields };
}

function headerOf(button) {
  if (!button?.dataset.header) return {};
  const [name, value] = button.dataset.header.split(": ");
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toUTCString();
  return { [name]: value.replace("{tomorrow}", tomorrow) };
}

function bodyOf(form, data, fields) {
  if (form.dataset.body) {
    fields["Content-Type"] = form.dataset.body;
    return data.get("body");
  }
  switch (form.querySelector("[data-encoding]")?.value ?? form.enctype) {
    case "multipart/form-data":
      return data;
    case "application/json":
      fields["Content-Type"] = "application/json";
      return JSON.stringify(Object.fromEntries(data));
    default:
      return new URLSearchParams(data);
  }
}

// octetsOf returns a request as HTTP/1.1 writes it. The connection ends with the answer.
export function octetsOf({ method, path, fields, body }) {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${location.host}`, "Connection: close"];
  for (const [name, value] of Object.entries(fields)) head.push(`${name}: ${value}`);
  const text = body === undefined ? "" : `${body}`;
  if (text) {
    if (body instanceof URLSearchParams) head.push("Content-Type: application/x-www-form-urlencoded");
    head.push(`Content-Length: ${new TextEncoder().encode(text).length}`);
  }
  return `${head.join("\r\n")}\r\n\r\n${text}`;
}
