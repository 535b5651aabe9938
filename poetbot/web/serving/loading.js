// The page that is shown while PoetBot starts. It asks for the app, is answered when that is loaded, and becomes it.
const PATIENCE = 1000; // milliseconds after which it asks again if nothing answers

async function becomeApp() {
  let answer, page;
  try {
    answer = await fetch(location.href, { cache: "no-store" });
    page = await answer.text();
  } catch {
    setTimeout(becomeApp, PATIENCE);
    return;
  }
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("text/html")) {
    location.reload(); // a person gets a page that says why
    return;
  }
  history.replaceState(history.state, "", answer.url + location.hash); // it may be in another language
  document.open();
  document.write(page);
  document.close();
}

becomeApp();
