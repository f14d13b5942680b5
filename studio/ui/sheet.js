// A side of the book as it prints, as wide as the place it is given. The parts that show sides begin with these lines.

const FACES = /@font-face\s*{[^}]*}/g;
const looks = new Set(); // of faces that the document knows already: a shadow root cannot bring its own

function sheet({ html, width, height, paper }) {
  const inner = document.createElement("div");
  inner.innerHTML = html;
  inner.className = "scaled";
  const one = document.createElement("div");
  one.className = "sheet";
  one.style.aspectRatio = `${width} / ${height}`;
  one.style.setProperty("--paper", paper);
  one.append(inner);
  const fit = () => inner.style.setProperty("scale", one.clientWidth / width);
  new ResizeObserver(fit).observe(one);
  return one;
}

// Lets sides beside this element look as they print.
function wear(element, look) {
  const faces = (look.match(FACES) ?? []).join("\n");
  if (!looks.has(faces)) {
    looks.add(faces);
    document.head.append(Object.assign(document.createElement("style"), { textContent: faces }));
  }
  const root = element.getRootNode();
  const worn = root.querySelector("style.sheets") ?? root.appendChild(document.createElement("style"));
  worn.className = "sheets";
  if (worn.textContent !== look) worn.textContent = look;
}
