// The page as it is opened; last of the files, for it needs all of them.

byId("mark-mine")?.addEventListener("change", (event) => desk.classList.toggle("alike", !event.target.checked));

desk.formRequest = formRequest; // Write reads it too (see tab.py), and the Overlap tab what stands here
desk.standing = () => ({
  text: paper.text,
  given: paper.spans.length ? paper.text.slice(0, paper.spans[0].start) : "",
  poet: paper.poet,
});

setPaper({ text: "" });
showSteps();
setBusy();
setTimeout(() => inTurn(listKept)); // once the page can ask
