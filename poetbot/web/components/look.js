// The look of the page, dark or light: what was chosen on this device, else the system's. It runs before anything is
// drawn, so that nothing flashes. Gradio asks the browser for the system's look, and is told of the choice instead.
(() => {
  const query = "(prefers-color-scheme: dark)";
  const ask = matchMedia.bind(window);
  const system = ask(query);
  const answer = new EventTarget();
  const chosen = () => {
    try {
      return localStorage.getItem("poetbot-look");
    } catch {
      return null; // the browser keeps nothing
    }
  };
  const isDark = () => ({ dark: true, light: false })[chosen()] ?? system.matches;
  const apply = () => {
    document.documentElement.dataset.system = system.matches ? "dark" : "light";
    document.documentElement.dataset.look = isDark() ? "dark" : "light";
    document.documentElement.style.colorScheme = document.documentElement.dataset.look;
    answer.dispatchEvent(new Event("change"));
  };
  Object.defineProperty(answer, "matches", { get: isDark });
  Object.defineProperty(answer, "media", { value: query });
  window.matchMedia = (asked) => (asked === query ? answer : ask(asked));
  system.addEventListener("change", apply);
  addEventListener("storage", apply); // another window chose
  addEventListener("poetbot-look", apply);
  apply();
})();
