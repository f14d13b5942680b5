// A book that is turned like one of paper: by click, swipe and keys. Side 0 is the cover, right-hand and alone; where there is
// little room one side is shown at a time.

const WIDE = 500; // px, from which on two sides lie next to each other
const SWIPE = 36; // px that a finger goes to turn a leaf
const TURN = { duration: 620, easing: "cubic-bezier(.35, .1, .3, 1)" };
const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -Infinity, End: Infinity };
const books = new WeakMap(); // Streamlit calls again whenever the data changes

export default function ({ data: [data], parentElement }) {
  const element = parentElement.querySelector(".leafing");
  if (!books.has(element)) books.set(element, new Bound(element));
  books.get(element).show(data);
}

class Bound {
  constructor(element) {
    Object.assign(this, { at: 0, sides: [], bench: element.querySelector(".bench"), says: element.querySelector(".says") });
    this.jump = element.querySelector("input");
    [this.before, this.after] = element.querySelectorAll("button");
    [this.left, this.right] = element.querySelectorAll(".place");
    this.before.onclick = () => this.turn(-1);
    this.after.onclick = () => this.turn(1);
    this.jump.oninput = () => this.go(Number(this.jump.value));
    this.bench.onkeydown = (event) => this.press(event);
    this.bench.onpointerdown = ({ clientX, clientY, isPrimary }) => (this.from = isPrimary ? [clientX, clientY] : undefined);
    this.bench.onpointerup = (event) => this.lift(event);
    this.bench.onpointercancel = () => (this.from = undefined);
    new ResizeObserver(() => this.measure(element.clientWidth >= WIDE)).observe(element);
    this.two = element.clientWidth >= WIDE;
  }

  show({ sides, look, words, open }) {
    const shows = JSON.stringify(sides);
    wear(this.bench, look);
    this.bench.ariaLabel = words.book;
    this.bench.setAttribute("aria-description", words.keys);
    [this.before.ariaLabel, this.after.ariaLabel, this.jump.ariaLabel] = [words.before, words.after, words.jump];
    if (this.shows !== shows) {
      this.shows = shows;
      this.sides = sides;
      this.sheets = sides.map(() => undefined);
      this.at = Math.min(this.at, this.last());
      this.bench.style.setProperty("--ratio", sides[0].width / sides[0].height);
      this.lay();
    }
    if (open && open.turn !== this.opened) this.go(this.opening(open.side));
    this.opened = open?.turn;
  }

  // Openings: what lies open at a time. With two sides, opening 0 is the cover and 1 are sides 1 and 2.
  opening(side) {
    return this.two ? Math.ceil(side / 2) : side;
  }

  sidesOf(opening) {
    return this.two ? [2 * opening - 1, 2 * opening] : [-1, opening];
  }

  last() {
    return this.opening(this.sides.length - 1);
  }

  measure(two) {
    if (two === this.two) return;
    const side = Math.max(...this.sidesOf(this.at).map((one) => Math.min(one, this.sides.length - 1)));
    this.two = two;
    this.at = this.opening(side);
    this.lay();
  }

  turn(by) {
    this.go(Math.min(Math.max(this.at + by, 0), this.last()));
  }

  go(to) {
    if (to === this.at || !this.sides.length) return;
    this.turning?.finish();
    const from = this.at;
    this.at = to;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.lay();
    else this.flip(from, to);
  }

  // A leaf in the air: its front is what was open, its back what will be.
  flip(from, to) {
    const forth = to > from;
    const [fromLeft, fromRight] = this.sidesOf(from);
    const [toLeft, toRight] = this.sidesOf(to);
    const leaf = document.createElement("div");
    leaf.className = `leaf ${forth || !this.two ? "forth" : "back"}`;
    let turned = forth ? -180 : 180;
    let frames = [0, turned];
    if (this.two) {
      leaf.append(this.face(forth ? fromRight : fromLeft, "front"), this.face(forth ? toLeft : toRight, "behind"));
      this.put(this.left, forth ? fromLeft : toLeft);
      this.put(this.right, forth ? toRight : fromRight);
    } else {
      leaf.append(this.face(forth ? from : to, "front"));
      this.put(this.right, forth ? to : from);
      frames = forth ? [0, -115] : [-115, 0];
    }
    this.bench.append(leaf);
    this.tell();
    const steps = frames.map((angle) => ({ transform: `rotateY(${angle}deg)` }));
    this.turning = leaf.animate(steps, { ...TURN, fill: "forwards" });
    this.turning.onfinish = () => {
      leaf.remove();
      if (this.at === to) this.lay();
    };
  }

  face(side, name) {
    const one = document.createElement("div");
    one.className = `face ${name}`;
    this.put(one, side, true);
    return one;
  }

  put(place, side, copy = false) {
    const data = this.sides[side];
    if (!copy && place.shown === data && place.firstChild) return;
    place.shown = data;
    place.replaceChildren(...(data ? [sheet(data)] : []));
    place.classList.toggle("none", !data);
  }

  lay() {
    const [left, right] = this.sidesOf(this.at);
    this.bench.querySelectorAll(".leaf").forEach((leaf) => leaf.remove());
    this.put(this.left, left);
    this.put(this.right, right);
    this.tell();
  }

  tell() {
    const open = this.sidesOf(this.at).filter((side) => this.sides[side]);
    const closed = this.two && open.length === 1 ? (open[0] === 0 ? "shut-front" : "shut-end") : "";
    this.bench.className = `bench ${this.two ? "two" : "one"} ${closed}`;
    const said = [...new Set(open.map((side) => this.sides[side].name))].join(" · ");
    this.says.textContent = said;
    Object.assign(this.jump, { max: this.last(), value: this.at, ariaValueText: said });
    [this.before.disabled, this.after.disabled] = [this.at === 0, this.at === this.last()];
  }

  press(event) {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.turn(KEYS[event.key]);
  }

  lift({ clientX, clientY, isPrimary, button }) {
    if (!this.from || !isPrimary || button) return;
    const [x, y] = [clientX - this.from[0], clientY - this.from[1]];
    this.from = undefined;
    if (Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) this.turn(x < 0 ? 1 : -1);
    else if (Math.hypot(x, y) < 8) {
      const { left, width } = this.bench.getBoundingClientRect();
      this.turn(clientX > left + width / 2 ? 1 : -1);
    }
  }
}
