"use strict";
(() => {
  const root = document.documentElement, body = document.body, words = body.dataset;
  const find = (name) => document.querySelector(name);
  const table = find(".table"), book = find(".book"), leaves = [...document.querySelectorAll(".leaf")];
  const size = { w: Number(body.style.getPropertyValue("--w")), h: Number(body.style.getPropertyValue("--h")) };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const TURN_MS = 760;

  let wide = false; // two pages side by side
  let at = 0; // which opening of the book is seen: a page, or two
  let turning = null; // the pages that move, and where they end

  // Openings

  const opening = (n) => (wide ? [leaves[2 * n - 1], leaves[2 * n]] : [undefined, leaves[n]]);
  const openings = () => (wide ? Math.floor(leaves.length / 2) + 1 : leaves.length);
  const holding = (leaf) => (wide ? Math.ceil(leaf / 2) : leaf);
  const first = () => (wide ? Math.max(0, 2 * at - 1) : at);
  const seen = () => opening(at).filter(Boolean);

  function fit() {
    const held = first();
    const room = { w: table.clientWidth - 20, h: table.clientHeight - 18 };
    const one = Math.min(room.w / size.w, room.h / size.h), two = Math.min(room.w / 2 / size.w, room.h / size.h);
    wide = two >= 0.62 * one;
    book.style.setProperty("--s", Math.max(0.05, wide ? two : one).toFixed(5));
    book.style.setProperty("--across", wide ? 2 : 1);
    at = holding(held);
    settle();
  }

  function settle() {
    const [left, right] = opening(at);
    for (const leaf of leaves) {
      leaf.getAnimations({ subtree: true }).forEach((motion) => motion.cancel());
      leaf.hidden = leaf !== left && leaf !== right;
      leaf.classList.remove("moving");
      stand(leaf);
    }
    turning = null;
    lie(opening(at));
    tell();
  }

  // A shut book lies in the middle of the table.
  function lie([left, right]) {
    book.classList.toggle("pair", wide);
    book.classList.toggle("shut", wide && !left);
    book.classList.toggle("over", wide && !right);
  }

  function stand(leaf) {
    const right = leaves.indexOf(leaf) % 2 === 0;
    leaf.classList.toggle("left", wide && !right);
    leaf.classList.toggle("right", wide && right);
  }

  function tell() {
    const pages = seen().map((leaf) => leaves.indexOf(leaf) + 1);
    const place = pages.length > 1 ? words.two : words.one;
    book.style.setProperty("--read", (first() / Math.max(1, leaves.length - 1)).toFixed(3));
    find(".place").textContent = place.replace("{page}", pages[0]).replace("{next}", pages[1]).replace("{pages}", leaves.length);
    find(".back").setAttribute("aria-disabled", at === 0);
    find(".on").setAttribute("aria-disabled", at === openings() - 1);
  }

  // Turning

  function begin(to) {
    if (turning) land();
    if (to < 0 || to >= openings() || to === at) return null;
    const ahead = to > at, now = opening(at), then = opening(to);
    [...now, ...then].filter(Boolean).forEach((leaf) => (leaf.hidden = false));
    lie(then);
    turning = { to, motions: wide ? leaf3d(ahead, now, then) : sheet(ahead, now[1], then[1]), forth: true };
    turning.motions[0].onfinish = land;
    return turning;
  }

  // The page that is lifted and the back of it are two leaves that turn together about the spine.
  function leaf3d(ahead, now, then) {
    const lifted = ahead ? now[1] : now[0], landing = ahead ? then[0] : then[1], way = ahead ? -180 : 180;
    return [...swing(lifted, 0, way), ...swing(landing, -way, 0)];
  }

  // A single page is lifted about its left edge; what lies beneath is the next one.
  function sheet(ahead, now, then) {
    return swing(ahead ? now : then, ahead ? 0 : -105, ahead ? -105 : 0);
  }

  function swing(leaf, from, to) {
    if (!leaf) return [];
    leaf.classList.add("moving");
    const turns = (degrees) => ({ transform: `rotateY(${degrees}deg)` });
    const dim = (degrees) => ({ boxShadow: `inset 0 0 0 2000px rgba(43, 36, 48, ${Math.abs(degrees) / 400})` });
    const timing = { duration: TURN_MS, easing: "cubic-bezier(.45, .05, .3, 1)", fill: "both" };
    return [
      leaf.animate([turns(from), turns(to)], timing),
      leaf.animate([dim(from), dim(to)], { ...timing, pseudoElement: "::after" }),
    ];
  }

  function land() {
    if (!turning) return;
    const { to, forth } = turning;
    if (forth) at = to;
    settle();
    if (forth && reading) readOn();
  }

  function go(to) {
    hush();
    const turn = begin(to);
    if (turn && calm.matches) land();
  }

  // Hands: tap an edge, swipe, click, press a key

  let hand = null;
  table.addEventListener("pointerdown", (event) => {
    if (event.isPrimary && event.button === 0) hand = { x: event.clientX, y: event.clientY, id: event.pointerId, when: event.timeStamp };
  });
  table.addEventListener("pointermove", (event) => {
    if (!hand || event.pointerId !== hand.id || event.pointerType === "mouse" || zoomed()) return;
    const dx = event.clientX - hand.x, dy = event.clientY - hand.y;
    if (!hand.turn && Math.abs(dx) > 10 && Math.abs(dx) > 1.3 * Math.abs(dy)) {
      hush();
      hand.way = Math.sign(dx);
      hand.turn = begin(at - hand.way);
      hand.turn?.motions.forEach((motion) => motion.pause());
      hand.turn && table.setPointerCapture(hand.id);
      hand.swiped = true;
    }
    if (hand.turn && hand.turn === turning) follow(dx);
  });
  function follow(dx) {
    hand.share = Math.min(0.96, Math.max(0, (dx * hand.way) / (0.85 * book.clientWidth)));
    turning.motions.forEach((motion) => (motion.currentTime = hand.share * TURN_MS));
  }
  function leave(event) {
    const held = hand;
    hand = null;
    if (!held || event.pointerId !== held.id) return;
    if (held.turn && held.turn === turning) return release(held, event);
    if (!held.swiped && event.type === "pointerup" && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 8) tap(event);
  }
  function release(held, event) {
    const quick = Math.abs(event.clientX - held.x) / Math.max(1, event.timeStamp - held.when) > 0.35;
    turning.forth = event.type === "pointerup" && (held.share > 0.3 || quick);
    if (calm.matches || (!turning.forth && !held.share)) return land();
    turning.motions.forEach((motion) => (turning.forth ? motion.play() : motion.reverse()));
    if (!turning.forth) lie(opening(at));
  }
  table.addEventListener("pointerup", leave);
  table.addEventListener("pointercancel", leave);

  const zoomed = () => (window.visualViewport?.scale ?? 1) > 1.05;

  function tap(event) {
    if (String(getSelection())) return;
    const sentence = event.target.closest(".s");
    if (reading && sentence) return readOn(sentence);
    const share = event.clientX / innerWidth;
    if (share < 0.3) go(at - 1);
    else if (share > 0.7) go(at + 1);
  }

  const KEYS = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select")) return;
    if (event.key in KEYS) go(at + KEYS[event.key]);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(openings() - 1);
    else if (event.key === "Escape") rest();
    else return;
    event.preventDefault();
  });
  find(".back").onclick = () => go(at - 1);
  find(".on").onclick = () => go(at + 1);

  // Reading aloud, with the voices that this device itself has

  const speech = window.speechSynthesis;
  let reading = false;
  let line = null; // what is being said, and the clocks that watch over it

  const languageOf = (node) => node.closest("[lang]").lang;
  function voiceFor(language) {
    const voices = speech.getVoices().filter((voice) => voice.localService);
    const spoken = (voice) => voice.lang.toLowerCase().replace("_", "-").split("-")[0] === language;
    return voices.find((voice) => spoken(voice) && voice.default) ?? voices.find(spoken);
  }
  // Some browsers name no voice at all and speak nevertheless.
  const canSay = (language) => !speech.getVoices().length || voiceFor(language);

  function toldHere() {
    const nodes = seen().filter((leaf) => "read" in leaf.dataset).flatMap((leaf) => [...leaf.querySelectorAll(".s")]);
    return nodes.filter((node) => canSay(languageOf(node)));
  }

  function readOn(from) {
    hush();
    const nodes = toldHere(), start = from ? nodes.indexOf(from) : 0;
    say(nodes.slice(Math.max(0, start)));
  }

  function say([node, ...others]) {
    if (!reading) return;
    if (!node) return pause(seen().some((leaf) => leaf.querySelector(".s")) ? 1100 : 2200);
    const said = new SpeechSynthesisUtterance(node.textContent.replace(/\s+/g, " ").trim());
    said.lang = languageOf(node);
    said.voice = voiceFor(said.lang) ?? null;
    said.rate = Number(find(".pace select").value);
    line = { said, clock: setTimeout(() => fail(said), 6000) };
    said.onstart = () => clearTimeout(line?.said === said && line.clock);
    said.onend = () => line?.said === said && (mark(null), say(others));
    said.onerror = () => fail(said);
    mark(node);
    speech.speak(said);
  }

  function fail(said) {
    if (line?.said !== said) return;
    rest();
    find(".said").textContent = words.mute;
  }

  function pause(ms) {
    line = { clock: setTimeout(() => (at < openings() - 1 ? turnAlone() : rest()), ms) };
  }

  function turnAlone() {
    begin(at + 1);
    if (calm.matches) land();
  }

  function mark(node) {
    find(".s.told")?.classList.remove("told");
    node?.classList.add("told");
  }

  function hush() {
    clearTimeout(line?.clock);
    line = null;
    mark(null);
    speech?.cancel();
  }

  function rest() {
    reading = false;
    hush();
    root.classList.remove("reads");
    find(".read").setAttribute("aria-pressed", "false");
  }

  find(".read").onclick = () => {
    find(".said").textContent = "";
    if (reading) return rest();
    if (!canSay(root.lang)) return (find(".said").textContent = words.voiceless);
    reading = true;
    root.classList.add("reads");
    find(".read").setAttribute("aria-pressed", "true");
    readOn();
  };
  find(".pace select").onchange = () => reading && readOn(find(".s.told") ?? undefined);
  find(".voice").hidden = !speech;
  speech?.getVoices(); // browsers look for them when asked first
  addEventListener("pagehide", rest);

  // The whole screen

  const whole = find(".whole");
  whole.hidden = !document.fullscreenEnabled;
  whole.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());

  find("meta[name=viewport]").content = "width=device-width, initial-scale=1, viewport-fit=cover";
  root.classList.add("turns");
  new ResizeObserver(fit).observe(table);
  fit();
  addEventListener("beforeprint", () => root.classList.remove("turns") || leaves.forEach((leaf) => (leaf.hidden = false)));
  addEventListener("afterprint", () => root.classList.add("turns") || fit());
})();
