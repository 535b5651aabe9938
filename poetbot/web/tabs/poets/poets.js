// The page of the Poets tab: opens a poet, asks for a new name, and tells the server what was clicked. The answers are
// each an `Update` of handlers.py, whose HTML comes from templates.

export default function ({ element, trigger }) {
  const tab = element.querySelector(".pt");
  const part = (name) => tab.querySelector(`[data-part="${name}"]`);
  const poetAround = (node) => node.closest("details.poet");
  const findPoet = (name) => [...tab.querySelectorAll("details.poet")].find((poet) => poet.dataset.poet === name);

  let renaming; // the poet whose new name the server is checking

  function showMessage(html) {
    part("message").innerHTML = html;
    part("status").textContent = part("message").textContent;
  }

  function showList(html) {
    const wasOpen = [...tab.querySelectorAll("details.poet[open]")];
    const drawerWasOpen = tab.querySelector("details.drawer[open]");
    part("list").innerHTML = html;
    for (const poet of wasOpen) showDetails(poet.dataset.poet, poet.querySelector(".details").innerHTML);
    if (drawerWasOpen) tab.querySelector("details.drawer")?.setAttribute("open", "");
  }

  function showDetails(name, html) {
    const poet = findPoet(name);
    if (!poet) return;
    poet.querySelector(".details").innerHTML = html;
    poet.open = true;
    poet.closest("details.drawer")?.setAttribute("open", "");
  }

  function show(update) {
    part("errors").innerHTML = "";
    const nameForm = update.error && findPoet(renaming)?.querySelector(".new-name");
    renaming = undefined;
    if (nameForm) nameForm.querySelector(".error").textContent = update.error;
    else if (update.error) part("errors").appendChild(document.createElement("p")).textContent = update.error;
    if (update.error || update.message || update.list) showMessage(update.message ?? "");
    if (update.list !== undefined) showList(update.list);
    if (update.details !== undefined) showDetails(update.poet, update.details);
    if (update.focus) findPoet(update.focus)?.querySelector("summary").focus();
    if (update.file) download(update.file);
  }

  function download(path) {
    const link = document.createElement("a");
    link.href = new URL(`gradio_api/file=${path.split("/").map(encodeURIComponent).join("/")}`, document.baseURI);
    link.download = path.split("/").at(-1);
    link.click();
  }

  // A poet's details are fetched when it is opened. The event does not bubble.
  tab.addEventListener(
    "toggle",
    (event) => {
      const poet = event.target;
      if (poet.matches("details.poet[open]") && !poet.querySelector(".details").firstElementChild) {
        trigger("details", { poet: poet.dataset.poet });
      }
    },
    true,
  );

  function askForName(poet, open) {
    const form = poet.querySelector(".new-name");
    form.hidden = !open;
    form.querySelector(".error").textContent = "";
    if (open) form.querySelector("input").select();
    else poet.querySelector("[data-do='ask-name']").focus();
  }

  tab.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const poet = poetAround(button);
    const name = poet?.dataset.poet;
    const actions = {
      use: () => trigger("use", { poet: name, epoch: button.dataset.epoch ? Number(button.dataset.epoch) : null }),
      pack: () => trigger("pack", { poet: name, poems: poet.querySelector("[data-part='with-poems']")?.checked ?? false }),
      remove: () => trigger("remove", { poet: name }),
      restore: () => trigger("restore", { receipt: button.dataset.receipt }),
      "ask-name": () => askForName(poet, true),
      cancel: () => askForName(poet, false),
    };
    actions[button.dataset.do]?.();
  });

  tab.addEventListener("submit", (event) => {
    event.preventDefault();
    renaming = poetAround(event.target).dataset.poet;
    trigger("rename", { poet: renaming, name: event.target.querySelector("input").value });
  });

  tab.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (event.key === "Escape" && event.target.closest(".new-name")) askForName(poetAround(event.target), false);
  });

  // A file of another kind is refused by the server, with a sentence; Gradio's own check would only show a toast.
  const file = document.querySelector("#poets input[type=file]");
  file?.setAttribute("accept", ".zip");
  file?.addEventListener("change", () => {
    part("errors").innerHTML = "";
    showMessage(`<p>${tab.dataset.importing}</p>`);
  });

  return show;
}
