// The story as it lies on the pages. A handle between two pages moves sentences from one to the other, and when it is
// let go Python is told. Moves are numbered, and each is told until Python has taken it: a run of the screen may be cut
// short by the next one, and what only that run was told would be lost. Sentences are text, never markup.

const PAUSE = 600; // ms after the last arrow key, then its move is told
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
const columns = new WeakMap(); // what each column shows; Streamlit calls again whenever the data changes

export default function ({ data, parentElement, setStateValue }) {
  const element = parentElement.querySelector(".story");
  let column = columns.get(element);
  // What Python answers to a move is on the screen already. To draw it anew would break a drag that has begun since.
  if (!column?.has(data)) {
    column?.forget();
    column = new Column(element, data);
    columns.set(element, column);
  }
  column.send = (moves) => setStateValue("moves", moves);
  return () => column.rest();
}

class Column {
  constructor(element, { pages, names, handles, turn }) {
    this.words = pages.map((sentences) => make("div", "words", ...sentences.map((text) => make("p", "", text))));
    this.labels = JSON.stringify([names, handles]);
    this.breaks = handles.map((label, index) => new Break(this, index, label, names[index + 1]));
    const focused = [...element.querySelectorAll(".break")].indexOf(element.getRootNode().activeElement);
    const pieces = this.words.map((words, index) => [this.breaks[index - 1]?.bar, leaf(words, index, names)]);
    element.replaceChildren(...pieces.flat().filter(Boolean));
    this.breaks[focused]?.bar.focus({ preventScroll: true });
    this.moves = []; // that Python has not taken yet
    this.turn = turn; // the number of the next move
    this.laid = new Map([[turn, this.lie()]]); // how the sentences lay before this move
    this.count();
  }

  // Whether Python knows nothing that is not on the screen; forgets the moves that it has taken.
  has({ pages, names, handles, turn }) {
    this.moves = this.moves.filter((move) => move.turn >= turn);
    return this.laid.get(turn) === JSON.stringify(pages) && this.labels === JSON.stringify([names, handles]);
  }

  // The sentences as they lie now, page by page.
  lie() {
    return JSON.stringify(this.words.map((words) => [...words.children].map((one) => one.textContent)));
  }

  count() {
    for (const one of this.breaks) one.count();
  }

  tell(page, sentences) {
    this.moves.push({ turn: this.turn++, page, sentences });
    this.laid.set(this.turn, this.lie());
    this.send(this.moves);
  }

  forget() {
    for (const one of this.breaks) one.forget();
  }

  // Streamlit may ask for this late, when a drag has begun again: that goes on.
  rest() {
    for (const one of this.breaks) clearTimeout(one.timer);
  }
}

class Break {
  constructor(column, index, label, name) {
    [this.above, this.below] = column.words.slice(index, index + 2);
    Object.assign(this, { column, page: index + 1, bar: make("div", "break", make("span", "grip", name)) });
    const marks = { role: "separator", tabindex: 0, "aria-orientation": "horizontal", "aria-label": label };
    for (const [mark, value] of Object.entries(marks)) this.bar.setAttribute(mark, value);
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "keydown", "blur"])
      this.bar.addEventListener(type, (event) => this[type](event));
  }

  // How many sentences the page above has, as screen readers hear it.
  count() {
    this.bar.setAttribute("aria-valuemin", 1);
    this.bar.setAttribute("aria-valuenow", this.above.childElementCount);
    this.bar.setAttribute("aria-valuemax", this.above.childElementCount + this.below.childElementCount - 1);
  }

  begin() {
    this.from ??= this.above.childElementCount;
  }

  by(sentences) {
    const { above, below } = this;
    for (; sentences > 0 && below.childElementCount > 1; sentences--) above.append(below.firstElementChild);
    for (; sentences < 0 && above.childElementCount > 1; sentences++) below.prepend(above.lastElementChild);
    this.mark();
    this.column.count();
  }

  // The sentences that lie on another page than before.
  mark() {
    const now = this.above.childElementCount;
    const from = this.from ?? now;
    [...this.above.children].forEach((one, index) => one.classList.toggle("moved", index >= from));
    [...this.below.children].forEach((one, index) => one.classList.toggle("moved", index < from - now));
  }

  // To the gap between two sentences that is nearest to this height on the screen.
  to(y) {
    const ahead = () => {
      const { top, bottom } = this.bar.getBoundingClientRect();
      return y - (top + bottom) / 2;
    };
    const { above, below } = this;
    while (below.childElementCount > 1 && ahead() > below.firstElementChild.offsetHeight / 2) this.by(1);
    while (above.childElementCount > 1 && -ahead() > above.lastElementChild.offsetHeight / 2) this.by(-1);
  }

  settle() {
    const sentences = this.above.childElementCount - (this.from ?? this.above.childElementCount);
    this.forget();
    if (sentences) this.column.tell(this.page, sentences);
  }

  back() {
    this.by((this.from ?? this.above.childElementCount) - this.above.childElementCount);
    this.forget();
  }

  forget() {
    clearTimeout(this.timer);
    this.from = this.grabbed = undefined;
    this.bar.classList.remove("held");
    this.mark();
  }

  pointerdown(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault(); // else the drag would select the words
    const { top, bottom } = this.bar.getBoundingClientRect();
    this.grabbed = event.clientY - (top + bottom) / 2;
    this.bar.focus({ preventScroll: true });
    this.bar.setPointerCapture(event.pointerId);
    this.bar.classList.add("held");
    this.begin();
  }

  pointermove(event) {
    if (this.grabbed === undefined || !event.isPrimary) return;
    this.to(event.clientY - this.grabbed);
    this.bar.scrollIntoView({ block: "nearest" });
  }

  pointerup(event) {
    if (event.isPrimary) this.settle();
  }

  pointercancel() {
    this.back();
  }

  keydown(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) this.step(STEPS[event.key]);
    else if (event.key === "Enter") this.settle();
    else if (event.key === "Escape") this.back();
    else return;
    event.preventDefault();
  }

  step(sentences) {
    this.begin();
    this.by(sentences);
    this.bar.scrollIntoView({ block: "nearest" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), PAUSE);
  }

  blur() {
    this.settle();
  }
}

function leaf(words, index, names) {
  const number = make("span", "number", String(index + 1));
  number.setAttribute("aria-hidden", "true");
  const page = make("div", "page", number, words);
  page.setAttribute("role", "group");
  page.setAttribute("aria-label", names[index]);
  return page;
}

// An element with these children; a text becomes a text, whatever is in it.
function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}
