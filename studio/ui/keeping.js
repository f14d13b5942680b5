// Keeps what is typed: Streamlit sends the words of a field when the person leaves it or presses Ctrl+Enter, so this
// presses Ctrl+Enter for them. The key is made up: it moves neither focus nor cursor and changes no letter.

const PAUSE = 600; // ms after the last key
const LONGEST = 1200; // ms after the first key that is not kept yet
const PASTED = 50; // ms; Streamlit takes the pasted words first
const FIELDS = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';
const FORM = '[data-testid="stForm"]'; // there, the key would send the whole form

export default function () {
  const gone = new AbortController();
  let field, since, timer; // where words wait to be kept, and since when

  const keep = () => {
    const typed = field;
    field = undefined;
    typed?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
    );
  };
  const wait = () => clearTimeout(timer);
  const keepIn = (pause) => {
    wait();
    timer = setTimeout(keep, Math.max(0, Math.min(pause, since + LONGEST - performance.now())));
  };
  const typed = (event) => {
    look();
    if (!event.target.matches?.(FIELDS) || event.target.closest(FORM)) return;
    if (field !== event.target) since = performance.now();
    field = event.target;
    // Words that an input method is still composing are left alone until it has ended.
    if (event.isComposing) wait();
    else keepIn(event.inputType?.startsWith("insertFrom") ? PASTED : PAUSE);
  };

  // Words that another window wrote come into the field without any key; the cursor then stays between its words.
  let spot;
  const look = () => {
    const it = document.activeElement;
    spot = it?.matches?.(FIELDS) ? { it, words: it.value, ends: [it.selectionStart, it.selectionEnd] } : undefined;
  };
  const moved = () => {
    const { it, words, ends } = spot ?? {};
    if (it && it === document.activeElement && it.value !== words)
      it.setSelectionRange(...ends.map((end) => after(words, it.value, end)));
    look();
  };

  const hear = (type, answer) => document.addEventListener(type, answer, { capture: true, signal: gone.signal });
  hear("input", typed);
  hear("selectionchange", moved);
  hear("compositionstart", wait);
  hear("compositionend", () => field && keepIn(PAUSE));
  return () => {
    gone.abort();
    wait();
  };
}

// Where a place in the old words is in the new ones: as far from the nearer end that did not change.
function after(old, words, place) {
  let head = 0;
  while (head < place && old[head] === words[head]) head++;
  return head === place ? place : Math.max(head, words.length - (old.length - place));
}
