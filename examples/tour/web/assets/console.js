// How long an answer may take, in milliseconds, before it counts as a stream.
const patience = 500;

// A Console shows one answer as it comes: what was asked, the status line, the fields, the body.
export class Console {
  constructor(place) {
    if (!place) return;
    this.element = document.createElement("div");
    this.element.className = "console";
    this.element.innerHTML = `
      <header><span class="asked">Press a button</span><span class="took"></span>
        <button type="button" class="stop" hidden>Stop</button></header>
      <div class="scroll" tabindex="0" role="log" aria-label="Answer"><pre class="head"></pre><pre class="body"></pre></div>`;
    place.querySelector("form").after(this.element);
    this.stop = this.part("stop");
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  // begin clears the console for a request. The button Stop aborts it.
  begin(asked, stopper) {
    this.began = performance.now();
    this.element.dataset.state = "busy";
    this.part("asked").textContent = asked;
    this.part("took").textContent = "";
    this.part("head").replaceChildren();
    this.part("body").replaceChildren();
    this.position = this.part("scroll").scrollTop = 0;
    this.stop.hidden = false;
    this.stop.onclick = () => stopper.abort();
  }

  // head shows the status line and the fields.
  head(status, reason, fields) {
    const line = document.createElement("span");
    line.className = "status";
    line.classList.toggle("turned", status >= 300 && status < 400);
    line.classList.toggle("refused", status >= 400);
    line.textContent = `${status} ${reason}`;
    this.part("head").replaceChildren(line);
    for (const [name, value] of fields) {
      const field = document.createElement("span");
      field.className = "field";
      field.textContent = name;
      this.part("head").append("\n", field, `: ${value}`);
    }
  }

  // add shows more of the body. What takes its time is followed to its end, unless the visitor scrolls.
  add(text) {
    const scroll = this.part("scroll");
    const left = Math.abs(scroll.scrollTop - this.position) < 2;
    this.part("body").append(text);
    if (left && this.elapsed() > patience) {
      scroll.scrollTop = scroll.scrollHeight;
      this.position = scroll.scrollTop;
    }
  }

  // broken tells that the answer did not come to its end.
  broken(text) {
    const note = document.createElement("span");
    note.className = "broken";
    note.textContent = text;
    this.part("body").append(note);
    this.end("broken");
  }

  elapsed() {
    return performance.now() - this.began;
  }

  // end tells that the answer is complete.
  end(state = "done") {
    this.part("took").textContent = `${Math.round(this.elapsed())} ms`;
    this.stop.hidden = true;
    this.element.dataset.state = state;
  }
}
