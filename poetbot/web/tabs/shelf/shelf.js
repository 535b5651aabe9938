// The page of the Shelf tab: opens a poet, asks for a new name, and tells the server what was clicked. Gradio runs this
// once; `props.value` is what tab.py says. HTML enters only as view.py has escaped it.

const sh = element.querySelector(".sh");
const part = (name) => sh.querySelector(`[data-part="${name}"]`);
const poetOf = (inside) => inside.closest("details.poet");
const find = (name) => [...sh.querySelectorAll("details.poet")].find((each) => each.dataset.poet === name);

function say(html) {
  part("said").innerHTML = html;
  part("status").textContent = part("said").textContent;
}

function list(value) {
  const before = [...sh.querySelectorAll("details.poet[open]")];
  const drawn = sh.querySelector("details.drawer[open]");
  part("list").innerHTML = value.list;
  for (const old of before) unfold(old.dataset.poet, old.querySelector(".whole").innerHTML);
  if (drawn) sh.querySelector("details.drawer")?.setAttribute("open", "");
}

function unfold(name, html) {
  const poet = find(name);
  if (!poet) return;
  poet.querySelector(".whole").innerHTML = html;
  poet.open = true;
  poet.closest("details.drawer")?.setAttribute("open", "");
}

watch("value", () => {
  const value = props.value;
  if (!value) return;
  part("notices").innerHTML = value.error ?? "";
  if (value.error || value.said || value.list) say(value.said ?? "");
  if (value.list !== undefined) list(value);
  if (value.whole !== undefined) unfold(value.poet, value.whole);
  if (value.open) find(value.open)?.querySelector("summary").focus();
});

// A poet is asked for when it is opened. The event does not bubble.
sh.addEventListener(
  "toggle",
  (event) => {
    const poet = event.target;
    if (poet.matches("details.poet[open]") && !poet.querySelector(".whole").hasChildNodes()) {
      trigger("look", { poet: poet.dataset.poet });
    }
  },
  true,
);

function naming(poet, asked) {
  const form = poet.querySelector(".new-name");
  form.hidden = !asked;
  if (asked) form.querySelector("input").select();
  else poet.querySelector("[data-do='ask-name']").focus();
}

sh.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const poet = poetOf(button);
  const name = poet?.dataset.poet;
  const does = {
    use: () => trigger("use", { poet: name, epoch: button.dataset.epoch ? Number(button.dataset.epoch) : null }),
    pack: () => trigger("pack", { poet: name, poems: poet.querySelector("[data-part='with-poems']")?.checked ?? false }),
    remove: () => trigger("remove", { poet: name }),
    back: () => trigger("back", { receipt: button.dataset.receipt }),
    "ask-name": () => naming(poet, true),
    leave: () => naming(poet, false),
  };
  does[button.dataset.do]?.();
});

sh.addEventListener("submit", (event) => {
  event.preventDefault();
  const poet = poetOf(event.target);
  trigger("rename", { poet: poet.dataset.poet, name: event.target.querySelector("input").value });
});

sh.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is at work
  if (event.key === "Escape" && event.target.closest(".new-name")) naming(poetOf(event.target), false);
});

document.querySelector("#sh-take-in")?.addEventListener("change", () => say(`<p>${sh.dataset.taking}</p>`), true);
