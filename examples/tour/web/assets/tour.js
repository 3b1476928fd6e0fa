// The tour's page: each form of a demo sends its request and shows the answer in the console below it.

import { Console } from "./console.js";
import { requestOf } from "./request.js";
import { runs } from "./runs.js";

for (const form of document.querySelectorAll(".try form")) {
  const panel = new Console(form.dataset.run === "camera" ? null : form.closest(".try"));
  const run = runs[form.dataset.run] ?? runs.fetch;
  let last = null;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    last?.abort();
    const stopper = (last = new AbortController());
    const button = event.submitter;
    const asked = requestOf(form, button);
    const runNow = button?.dataset.wire ? runs.wire : run;
    await runNow({ form, button, asked, panel, stopper });
  });

  for (const button of form.querySelectorAll("[data-fill]")) {
    button.addEventListener("click", () => {
      form.querySelector("textarea").value = button.dataset.fill.replaceAll("\\n", "\n");
      form.requestSubmit();
    });
  }
}

// What the server posts appears at the stop that it is about.
const events = new EventSource("/events");
for (const line of document.querySelectorAll("[data-topic]")) {
  line.setAttribute("role", "status");
  events.addEventListener(line.dataset.topic, (event) => {
    line.textContent = event.data;
    line.classList.add("heard");
  });
}
events.addEventListener("open", () => document.documentElement.setAttribute("data-listening", ""));
addEventListener("pagehide", () => events.close());

// The map shows which stop is being looked at.
const links = new Map([...document.querySelectorAll(".map a")].map((a) => [a.hash.slice(1), a]));
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const link = links.get(target.id);
      if (isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-30% 0px -69% 0px" },
);
for (const id of links.keys()) seen.observe(document.getElementById(id));

// Light or dark: as the system has it, until the button is pressed.
const theme = document.querySelector(".theme");
const root = document.documentElement;
theme.hidden = false;
if (localStorage.theme) root.dataset.theme = localStorage.theme;
theme.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = localStorage.theme = dark ? "light" : "dark";
});
