// A picture to paint on. What is painted is a list of strokes in shares of the picture, so that the last can be taken
// back and the mask has the picture's own size however small it is shown. Arrow keys move a shape over the picture in
// place of a pointer. Python gets the mask with the number that it gave, and takes each number once.

const LEAST = 0.03; // of a side, that a shape has
const STEP = 0.02; // that an arrow key moves or widens it
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const TOOLS = { brush: "brush", eraser: "ink_eraser", ellipse: "circle", box: "square" }; // and their icons
const sheets = new WeakMap(); // Streamlit calls again whenever the data changes; what was painted stays

export default function ({ data, parentElement, setStateValue }) {
  const element = parentElement.querySelector(".painting");
  const told = JSON.stringify([data.picture, data.words]);
  let sheet = sheets.get(element);
  if (sheet?.told !== told) {
    sheet = new Sheet(element, data, sheet?.strokes);
    sheets.set(element, Object.assign(sheet, { told }));
  }
  sheet.send = (png) => setStateValue("mask", { turn: data.turn, png });
}

class Sheet {
  constructor(element, { picture, width, height, words }, strokes) {
    Object.assign(this, { words, strokes: strokes ?? [], tool: "brush", size: 0.12 });
    this.shape = { x: 0.5, y: 0.5, width: 0.3, height: 0.3 }; // what the arrow keys move: its middle and its sides
    this.canvas = Object.assign(make("canvas", "paint"), { width, height });
    this.tip = make("div", "tip");
    const image = Object.assign(make("img"), { src: picture, alt: words.alt, draggable: false });
    this.stage = make("div", "stage", image, this.canvas, this.tip);
    mark(this.stage, { role: "application", tabindex: 0, "aria-label": words.stage });
    this.stage.style.aspectRatio = `${width} / ${height}`;
    this.stage.style.setProperty("--shape", width / height);
    this.says = make("p", "says");
    mark(this.says, { "aria-live": "polite" });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "keydown", "blur"])
      this.stage.addEventListener(type, (event) => this[type](event));
    element.replaceChildren(this.tools(), this.stage, this.says, this.foot());
    this.paint();
  }

  tools() {
    this.chosen = Object.entries(TOOLS).map(([tool, icon]) => {
      const one = press(icon, this.words[tool], () => this.take(tool));
      return Object.assign(one, { tool });
    });
    const size = Object.assign(make("input"), { type: "range", min: 3, max: 40, value: 100 * this.size });
    size.addEventListener("input", () => (this.size = size.value / 100));
    this.undo = press("undo", this.words.undo, () => this.back());
    this.clear = press("delete_sweep", this.words.clear, () => this.add({ tool: "clear" }));
    const row = make("div", "tools", ...this.chosen, make("label", "size", make("span", "", this.words.size), size));
    row.append(this.undo, this.clear);
    mark(row, { role: "toolbar", "aria-label": this.words.tools });
    return row;
  }

  foot() {
    this.use = make("button", "use", this.words.use);
    this.use.addEventListener("click", () => this.send(this.mask()));
    return make("div", "foot", make("p", "hint", this.words.hint), this.use);
  }

  take(tool) {
    this.tool = tool;
    this.paint();
  }

  add(stroke) {
    this.strokes.push(stroke);
    this.paint();
  }

  back() {
    this.strokes.pop();
    this.paint();
  }

  // Everything anew: a few dozen strokes take less than a frame.
  paint() {
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.fillStyle = pen.strokeStyle = getComputedStyle(this.stage).getPropertyValue("--colour") || "#d9683f";
    for (const stroke of this.drawing ? [...this.strokes, this.drawing] : this.strokes) lay(pen, this.canvas, stroke);
    this.undo.disabled = !this.strokes.length;
    this.clear.disabled = this.use.disabled = !this.drawing && !this.painted(pen);
    for (const one of this.chosen) mark(one, { "aria-pressed": one.tool === this.tool });
  }

  painted(pen) {
    if (!this.strokes.length) return false;
    const { data } = pen.getImageData(0, 0, this.canvas.width, this.canvas.height);
    for (let at = 3; at < data.length; at += 4) if (data[at] > 127) return true;
    return false;
  }

  // White where it was painted, black elsewhere, nothing between.
  mask() {
    const { width, height } = this.canvas;
    const pixels = this.canvas.getContext("2d").getImageData(0, 0, width, height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      pixels.data.fill(pixels.data[at + 3] > 127 ? 255 : 0, at, at + 3);
      pixels.data[at + 3] = 255;
    }
    const mask = Object.assign(document.createElement("canvas"), { width, height });
    mask.getContext("2d").putImageData(pixels, 0, 0);
    return mask.toDataURL("image/png");
  }

  // Where the pointer is, in shares of the picture.
  at({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  pointerdown(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    this.drawing = { tool: this.tool, size: this.size, points: [this.at(event)] };
    this.pointermove(event);
  }

  pointermove(event) {
    if (!event.isPrimary) return;
    const freehand = this.tool === "brush" || this.tool === "eraser";
    const [x, y] = this.at(event);
    this.show(freehand && { x, y, width: this.size, height: this.size * (this.canvas.width / this.canvas.height) });
    if (!this.drawing) return;
    const way = event.getCoalescedEvents?.() ?? [];
    const points = (way.length ? way : [event]).map((one) => this.at(one));
    if (freehand) this.drawing.points.push(...points);
    else this.drawing.points = [this.drawing.points[0], [x, y]];
    this.paint();
  }

  pointerup(event) {
    if (!this.drawing || !event.isPrimary) return;
    const stroke = this.drawing;
    this.drawing = undefined;
    this.add(stroke);
  }

  // A second finger came to move or widen the page: what the first began was not meant.
  pointercancel() {
    this.drawing = undefined;
    this.paint();
  }

  pointerleave() {
    this.show();
  }

  blur() {
    this.show();
  }

  keydown(event) {
    if (event.altKey || event.metaKey) return;
    if (event.key in MOVES) this.move(MOVES[event.key], event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.stamp();
    else if (event.key === "Backspace" || (event.ctrlKey && event.key === "z")) this.back();
    else return;
    event.preventDefault();
  }

  move([x, y], widen) {
    const { shape } = this;
    if (widen) {
      shape.width = between(LEAST, shape.width + 2 * STEP * x, 1);
      shape.height = between(LEAST, shape.height - 2 * STEP * y, 1);
    } else {
      shape.x = between(0, shape.x + STEP * x, 1);
      shape.y = between(0, shape.y + STEP * y, 1);
    }
    this.show(shape);
    const numbers = Object.entries(shape).map(([name, share]) => [name, Math.round(100 * share)]);
    this.says.textContent = numbers.reduce((said, [name, one]) => said.replace(`{${name}}`, one), this.words.at);
  }

  stamp() {
    const { x, y, width, height } = this.shape;
    const corners = [[x - width / 2, y - height / 2], [x + width / 2, y + height / 2]];
    const tool = this.tool === "brush" ? "ellipse" : this.tool;
    this.show(this.shape);
    this.add({ tool, points: corners, stamped: true });
  }

  // The outline of what the next touch or key paints; nothing hides it.
  show(shape) {
    this.tip.classList.toggle("seen", Boolean(shape));
    this.tip.classList.toggle("box", this.tool === "box");
    if (!shape) return;
    const { x, y, width, height } = shape;
    const sides = { left: x - width / 2, top: y - height / 2, width, height };
    for (const [side, share] of Object.entries(sides)) this.tip.style[side] = `${100 * share}%`;
  }
}

function lay(pen, { width, height }, { tool, size, points, stamped }) {
  if (tool === "clear") return pen.clearRect(0, 0, width, height);
  pen.globalCompositeOperation = tool === "eraser" ? "destination-out" : "source-over";
  const [[left, top], [right, bottom] = []] = [points[0], points.at(-1)];
  pen.beginPath();
  if (tool === "box") pen.rect(left * width, top * height, (right - left) * width, (bottom - top) * height);
  else if (tool === "ellipse" || stamped) {
    const [x, y] = [((left + right) / 2) * width, ((top + bottom) / 2) * height];
    pen.ellipse(x, y, (Math.abs(right - left) / 2) * width, (Math.abs(bottom - top) / 2) * height, 0, 0, 2 * Math.PI);
  } else {
    Object.assign(pen, { lineWidth: size * width, lineCap: "round", lineJoin: "round" });
    for (const [x, y] of points) pen.lineTo(x * width, y * height);
    pen.stroke();
  }
  if (tool === "box" || tool === "ellipse" || stamped) pen.fill();
  else dot(pen, points[0][0] * width, points[0][1] * height, (size / 2) * width);
  pen.globalCompositeOperation = "source-over";
}

// Where a stroke begins: a canvas draws no line from a point to itself.
function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function between(least, number, most) {
  return Math.min(Math.max(number, least), most);
}

// A button with an icon; its words show where there is room and are always told.
function press(icon, label, then) {
  const picture = make("span", "icon", icon);
  picture.setAttribute("aria-hidden", "true");
  const button = make("button", "tool", picture, make("span", "name", label));
  Object.assign(button, { type: "button", title: label, onclick: then });
  button.setAttribute("aria-label", label);
  return button;
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
