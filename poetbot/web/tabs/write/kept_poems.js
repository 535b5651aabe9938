// Kept poems: the list beside the page, the title, stars, collections, files. What is said of a poem comes from its keeper
// and enters the page as text.

const shelf = { search: "", starred: false, collection: "" }; // what of the kept poems is listed
const titleBox = part("title");
let listed = []; // as they stand in the list
let listTimer = 0;

function leavePage() {
  openTitles([]);
  closeList();
  page = newPage();
  Object.assign(steps, { saved: false, unsaved: false, begun: 0 });
  showPage();
}

function clearPage() {
  current = null;
  leavePage();
  setPaper({ text: "" });
  lastCursor = 0;
  for (const name of ["overlap", "receipt", "notices"]) part(name).replaceChildren();
  showBelow();
  showSteps();
}

async function openKept(id) {
  if (asking.growing || waiting || settling) return;
  saveNow();
  const answer = await inTurn(() => keeper.open({ id }));
  if (!answer || answer.error) return void trouble(answer?.error ?? texts.noResponse);
  clearPage();
  setPaper(standingOf(answer.poem));
  lastCursor = paper.text.length;
  told(page, answer.poem);
  showBelow();
  drawPaper(); // with the stars of its lines
  lookSoon(0);
}

// What is known of the poem on the page

function showPage() {
  if (document.activeElement !== titleBox) titleBox.value = page.title;
  const starred = part("star");
  starred.setAttribute("aria-pressed", String(page.starred));
  starred.textContent = page.starred ? "★" : "☆";
  if (document.activeElement !== part("collections")) part("collections").value = page.collections.join(", ");
  showStars();
  const [first] = listed;
  const known = listed.find((each) => each.id === page.id);
  const same = known?.name === page.name && known?.starred === page.starred;
  if (page.id !== null && !(same && first.id === page.id)) listSoon();
  markCurrent();
}

// Lines that are starred carry their star; the one with the cursor says so on its button.
function showStars() {
  const lines = page.lines.length ? boxes : [...poem.querySelectorAll(".starred")];
  for (const line of lines) line.classList.toggle("starred", page.lines.includes(line.textContent.trim()));
  showLineStar();
}

function showLineStar() {
  const text = paper.text.slice(lineStart(cursorPlace()), lineEnd(cursorPlace())).trim();
  const button = part("bar").querySelector("[data-do=starline]");
  const starred = page.lines.includes(text);
  button.setAttribute("aria-pressed", String(starred));
  button.setAttribute("aria-disabled", String(!text));
  button.textContent = starred ? "★" : "☆";
}

// Asks the keeper to change something of the poem on the page, which is saved first.
function change(what, data) {
  saveNow();
  const mine = page;
  return inTurn(async () => {
    if (mine.id === null) return;
    const answer = await keeper[what]({ ...data, id: mine.id });
    if (answer.error) return void trouble(answer.error);
    told(mine, answer.poem);
    listSoon();
    return answer;
  });
}

// The list

function listSoon() {
  clearTimeout(listTimer);
  listTimer = setTimeout(() => inTurn(listKept), 150);
}

async function listKept() {
  const answer = await keeper.list(shelf);
  if (answer.error) return void trouble(answer.error);
  listed = answer.poems;
  const looked = shelf.search || shelf.starred || shelf.collection;
  const items = listed.map(({ id, name, starred }) => item(name || texts.untitled, id, starred));
  const none = Object.assign(document.createElement("p"), { className: "none" });
  none.textContent = looked ? texts.noneFound : texts.noPoems;
  part("poems").replaceChildren(items.length ? ordered(items) : none);
  const lines = answer.lines.map(({ text, poem }) => item(text, poem, false));
  part("starred-lines").replaceChildren(...(lines.length ? [heading(texts.starredLines), ordered(lines)] : []));
  part("more-poems").hidden = !answer.more;
  showCollections(answer.collections);
  part("find").hidden = !looked && !listed.length;
  part("files").hidden = false;
  part("all-files").hidden = !listed.length;
  markCurrent();
}

function item(text, id, starred) {
  const [row, button] = [document.createElement("li"), document.createElement("button")];
  button.type = "button";
  button.dataset.poem = JSON.stringify(id);
  button.textContent = starred ? `★ ${text}` : text;
  row.append(button);
  return row;
}

function ordered(items) {
  const list = document.createElement("ol");
  list.className = "poems";
  list.append(...items);
  return list;
}

function heading(text) {
  return Object.assign(document.createElement("h3"), { textContent: text });
}

function markCurrent() {
  for (const button of part("poems").querySelectorAll("button")) {
    const here = page.id !== null && button.dataset.poem === JSON.stringify(page.id);
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function showCollections(names) {
  const box = part("collection");
  const options = ["", ...names].map((name) => new Option(name || texts.allPoems, name));
  box.replaceChildren(...options);
  box.value = names.includes(shelf.collection) ? shelf.collection : "";
  box.hidden = !names.length;
}

// Files

function download({ file, base64, name, media }) {
  const link = document.createElement("a");
  const [content, type] = base64
    ? [Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)), media]
    : [file, `${media};charset=utf-8`];
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function fileOf(what) {
  saveNow();
  return inTurn(async () => {
    const answer = await keeper.file(what());
    if (answer.error) trouble(answer.error);
    else download(answer);
  });
}

part("bring").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const text = await file.text();
  inTurn(async () => {
    const answer = await keeper.bring({ text });
    if (answer.error) return trouble(answer.error);
    notify(answer.status);
    await listKept();
  });
});

// Titles: three to choose from, over the page

function openTitles(items) {
  part("titles").replaceChildren(...items);
  part("titles").hidden = !items.length;
}

function titleItem(text, title = null) {
  const row = document.createElement("li");
  if (title === null) row.textContent = text;
  else row.append(Object.assign(document.createElement("button"), { type: "button", textContent: text }));
  row.addEventListener("click", () => {
    openTitles([]);
    if (title === null) return;
    titleBox.value = title;
    titleBox.dispatchEvent(new Event("change"));
  });
  return row;
}

async function entitle() {
  if (!part("titles").hidden) return openTitles([]);
  openTitles([titleItem(texts.findingTitles)]);
  const answer = await ask("suggest_titles", { text: paper.text, poet: paper.poet });
  if (part("titles").hidden) return;
  openTitles(answer.error ? [titleItem(answer.error)] : answer.titles.map((title) => titleItem(title, title)));
  part("titles").querySelector("button")?.focus();
}

// What a person does

titleBox.addEventListener("change", () => {
  const title = titleBox.value.trim();
  if (page.id === null) page.title = title; // until there is a poem to give it to
  change("title", { title });
});
titleBox.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
  event.preventDefault();
  poem.focus();
});

part("collections").addEventListener("change", (event) => {
  const names = event.target.value.split(/[,，、]/).map((name) => name.trim());
  change("collect", { names: names.filter(Boolean) });
});

part("search").addEventListener("input", (event) => {
  shelf.search = event.target.value;
  listSoon();
});

part("collection").addEventListener("change", (event) => {
  shelf.collection = event.target.value;
  listSoon();
});

Object.assign(doing, {
  entitle,
  star: () => change("star", { on: !page.starred }),
  starline: () => {
    const line = paper.text.slice(lineStart(cursorPlace()), lineEnd(cursorPlace())).trim();
    if (line) change("star", { line, on: !page.lines.includes(line) });
  },
  starred: (button) => {
    shelf.starred = !shelf.starred;
    button.setAttribute("aria-pressed", String(shelf.starred));
    listSoon();
  },
  newpage: () => {
    if (busy() || asking.growing) return;
    saveNow();
    clearPage();
    poem.focus();
  },
  file: (button) => {
    const dark = document.querySelector(".dark") !== null;
    fileOf(() => ({ id: page.id, format: button.dataset.format, dark }));
  },
  allfiles: (button) => fileOf(() => ({ ...shelf, format: button.dataset.format })),
  delete: async () => {
    const [id, name] = [page.id, page.name];
    const answer = await change("delete", {});
    if (!answer) return;
    if (page.id === id) clearPage();
    const back = Object.assign(document.createElement("button"), { type: "button", textContent: texts.undo });
    back.dataset.do = "restore";
    back.dataset.id = JSON.stringify(id);
    part("notices").replaceChildren(texts.deleted.replace("{name}", name || texts.untitled), " ", back);
  },
  restore: async (button) => {
    const id = JSON.parse(button.dataset.id);
    await inTurn(() => keeper.restore({ id }));
    notify();
    listSoon();
    openKept(id);
  },
});
