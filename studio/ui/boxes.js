// Boxes over a picture, one for each figure, or over a side of the book, one for its words. A box is moved by its middle and sized by its corners, with a pointer or with
// the arrow keys, and Python is told when it is let go, of all boxes each time. Changes are numbered from what Python says,
// which takes each once, or the latest of several.

const LEAST = 0.15; // of a side, that a box has
const STEP = 0.02; // that an arrow key moves or sizes it
const PAUSE = 600; // ms after the last arrow key, then the change is told
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNERS = [[0, 1], [2, 1], [0, 3], [2, 3]]; // which sides a corner takes along: left, top, right, bottom are 0 to 3
const stages = new WeakMap(); // Streamlit calls again whenever the data changes

export default function ({ data: [data], parentElement, setStateValue }) {
  const element = parentElement.querySelector(".boxes");
  let stage = stages.get(element);
  if (!stage?.has(data)) {
    stage?.rest();
    stage = new Stage(element, data);
    stages.set(element, stage);
  }
  stage.send = (told) => setStateValue("boxes", told);
  return () => stage.rest();
}

class Stage {
  constructor(element, { picture, side, look, ratio, names, boxes, turn, words }) {
    Object.assign(this, { shows: JSON.stringify([picture, side, names, words]), words, next: turn });
    const image = picture ? Object.assign(make("img"), { src: picture, alt: words.alt, draggable: false }) : "";
    this.ground = make("div", side ? "ground side-ground" : "ground", side ? sheet(side) : image);
    if (side) wear(element, look);
    this.ground.style.aspectRatio = ratio;
    this.ground.style.setProperty("--shape", ratio);
    this.says = make("p", "says");
    mark(this.says, { "aria-live": "polite" });
    const focused = [...element.querySelectorAll(".box")].indexOf(element.getRootNode().activeElement);
    this.boxes = boxes.map((sides, index) => new Box(this, sides, names[index], index));
    this.ground.append(...this.boxes.map((box) => box.frame));
    element.replaceChildren(this.ground, this.says);
    this.boxes[focused]?.frame.focus({ preventScroll: true });
  }

  // Whether Python knows nothing that is not on the screen: to draw it anew would break a drag that has begun since, and
  // lose a change that it has not taken yet.
  has({ picture, side, names, boxes, turn, words }) {
    if (this.shows !== JSON.stringify([picture, side, names, words])) return false;
    if (turn < this.next || this.boxes.some((box) => box.from)) return true;
    this.next = turn;
    return JSON.stringify(this.lie()) === JSON.stringify(boxes);
  }

  lie() {
    return this.boxes.map((box) => box.sides);
  }

  tell() {
    this.send({ turn: this.next++, boxes: this.lie() });
  }

  rest() {
    for (const box of this.boxes) clearTimeout(box.timer);
  }
}

class Box {
  constructor(stage, sides, name, index) {
    Object.assign(this, { stage, sides, name, frame: make("div", "box", make("span", "name", name)) });
    for (const corner of CORNERS) this.frame.append(handle(corner));
    mark(this.frame, { role: "group", tabindex: 0, "data-colour": index % 3, "aria-description": stage.words.keys });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "keydown", "blur"])
      this.frame.addEventListener(type, (event) => this[type](event));
    this.lay();
  }

  lay() {
    const [left, top, right, bottom] = this.sides;
    const places = { left, top, width: right - left, height: bottom - top };
    for (const [place, share] of Object.entries(places)) this.frame.style[place] = `${100 * share}%`;
    const numbers = { name: this.name, x: left, y: top, width: right - left, height: bottom - top };
    const said = Object.entries(numbers).reduce(
      (text, [blank, one]) => text.replace(`{${blank}}`, () => (blank === "name" ? one : Math.round(100 * one))),
      this.stage.words.box,
    );
    mark(this.frame, { "aria-label": said });
    return said;
  }

  // As it was before, with some of its sides moved by shares of the picture; all of them move the box as a whole.
  by(sides, x, y) {
    const [left, top, right, bottom] = this.from;
    if (sides.length === 4) {
      const [across, down] = [between(-left, x, 1 - right), between(-top, y, 1 - bottom)];
      this.sides = [left + across, top + down, right + across, bottom + down];
    } else {
      const now = [...this.from];
      for (const side of sides) now[side] = between(0, now[side] + (side % 2 ? y : x), 1);
      for (const side of sides) {
        if (side < 2) now[side] = Math.min(now[side], now[side + 2] - LEAST);
        else now[side] = Math.max(now[side], now[side - 2] + LEAST);
      }
      this.sides = now;
    }
    this.sides = this.sides.map((share) => Math.round(1000 * share) / 1000);
    this.lay();
  }

  begin() {
    this.from ??= this.sides;
  }

  settle() {
    clearTimeout(this.timer);
    const changed = this.from && String(this.from) !== String(this.sides);
    this.from = this.grabbed = undefined;
    this.frame.classList.remove("held");
    if (changed) this.stage.tell();
  }

  back() {
    this.sides = this.from ?? this.sides;
    this.lay();
    this.settle();
  }

  pointerdown(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.settle();
    this.frame.focus({ preventScroll: true });
    this.frame.setPointerCapture(event.pointerId);
    this.frame.classList.add("held");
    this.begin();
    this.grabbed = { x: event.clientX, y: event.clientY, sides: event.target.sides ?? [0, 1, 2, 3] };
  }

  pointermove(event) {
    if (!this.grabbed || !event.isPrimary) return;
    const { width, height } = this.stage.ground.getBoundingClientRect();
    this.by(this.grabbed.sides, (event.clientX - this.grabbed.x) / width, (event.clientY - this.grabbed.y) / height);
  }

  pointerup(event) {
    if (event.isPrimary) this.settle();
  }

  // A second finger came to move or widen the page: what the first began was not meant.
  pointercancel() {
    this.back();
  }

  keydown(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in MOVES) this.step(MOVES[event.key], event.shiftKey);
    else if (event.key === "Enter") this.settle();
    else if (event.key === "Escape" && this.from) this.back();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape would close the dialog around it
  }

  step([x, y], size) {
    this.begin();
    const before = this.from;
    this.from = this.sides;
    this.by(size ? [2, 3] : [0, 1, 2, 3], STEP * x, STEP * y);
    this.from = before;
    this.stage.says.textContent = this.lay();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), PAUSE);
  }

  blur() {
    this.settle();
  }
}

function handle(corner) {
  const one = Object.assign(make("span", "corner"), { sides: corner });
  mark(one, { "data-across": corner[0] ? "right" : "left", "data-down": corner[1] > 1 ? "bottom" : "top", "aria-hidden": true });
  return one;
}

function between(least, number, most) {
  return Math.min(Math.max(number, least), most);
}

function mark(element, marks) {
  for (const [name, value] of Object.entries(marks)) element.setAttribute(name, value);
}

// An element with these children; a text becomes a text, whatever is in it.
function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}
