"""The page: the one HTML component that holds the poem, and what the server tells it.

The template never changes, so Gradio leaves the page alone; page.js watches the component's value and shows it. The
value is one of

    {"id", "seed", "text", "marks", "done", …}  a poem in the making, as far as it is written
    {"id", "text", "overlap", "receipt", …}     a finished one, with HTML made by `poem_view` for what stands below it
    {"id", "error"}                             a sentence instead
    {"id", "empty"}                             stopped before anything was written

The poet writes far faster than anybody reads. So the server sends what it has in a few large pieces, and page.js
lets it appear at a reading pace; Stop tells the server how much was seen, and exactly that is kept.
"""

import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.overlap import Mark
from poetbot.web.components import poem_view
from poetbot.web.serving.session import Draft, Kept
from poetbot.web.tabs.write import form_panel
from poetbot.web.words import Words
from poetbot.writing import FormRequest

_HERE = Path(__file__).parent
MOST_FOLLOWED = 200_000
"""Characters of a poem that is compared at every edit; that takes a second or so."""
_SCRIPTS = ("page", "poem", "typing", "lines", "form", "keeper", "undo", "kept_poems", "receipt", "start")

_TEMPLATE = """
<div class="desk" data-writing="{writing}" data-finished="{finished}" data-finished-one="{finished_one}"
     data-copied="{copied}" data-not-copied="{not_copied}" data-copy="{copy}" data-drafting="{desk_drafting}"
     data-going-on="{desk_going_on}" data-keys="{desk_keys}" data-heard="{desk_heard}" data-taken="{desk_taken}"
     data-stopped="{desk_stopped}" data-no-answer="{desk_no_answer}" data-form="{desk_form}"
     data-form-is="{desk_form_is}" data-real-words="{desk_real_words}" data-untitled="{untitled}"
     data-too-long="{desk_too_long}" data-most-followed="{most_followed}"
     data-entitling="{desk_entitling}" data-again-now="{desk_again_now}" data-same="{desk_same}" data-not-same="{desk_not_same}" data-keeper="{keeper}" {kept_words}>
  <p class="unseen" role="status" data-part="status"></p>
  <div class="notices" role="alert" data-part="notices"></div>
  <section class="sheet-poem" aria-label="{poem}">
    <div class="heading">
      <input class="title" data-part="title" type="text" maxlength="200" autocomplete="off" placeholder="{kept_title}"
             aria-label="{kept_title}">
      <button type="button" class="entitle" data-do="entitle">{desk_entitle}</button>
      <button type="button" class="sign" data-do="star" data-part="star" aria-pressed="false" aria-label="{kept_star}"
              title="{kept_star}">☆</button>
      <ul class="choices" data-part="titles" aria-label="{desk_entitle}" hidden></ul>
    </div>
    <div class="poem" data-part="poem" role="textbox" aria-multiline="true" aria-label="{poem}" aria-haspopup="listbox"
         aria-controls="choices" aria-keyshortcuts="Alt+Enter" tabindex="0" spellcheck="false"
         data-blank="{blank_page}"></div>
    <div class="choices" data-part="lines" hidden>
      <ol id="choices" role="listbox" aria-label="{desk_list}" data-part="choices"></ol>
      <p>
        <span data-part="lines-said"></span>
        <button type="button" data-do="others">{desk_others}</button>
        <button type="button" data-do="close">{desk_close}</button>
      </p>
    </div>
    <div class="bar" data-part="bar" role="group" aria-label="{desk_bar}">
      <button type="button" data-do="next" title="{desk_next_key}">{desk_next_lines}</button>
      <button type="button" data-do="rewrite">{desk_rewrite}</button>
      <button type="button" data-do="goon">{desk_go_on}</button>
      <button type="button" data-do="finish">{desk_finish}</button>
      <button type="button" data-do="form" data-part="form-button" aria-expanded="false">{desk_form}</button>
      <button type="button" data-do="starline" class="sign" aria-pressed="false" aria-label="{kept_star_line}"
              title="{kept_star_line}">☆</button>
      <button type="button" data-do="undo" class="sign" aria-label="{desk_undo}" title="{desk_undo}">↶</button>
      <button type="button" data-do="redo" class="sign" aria-label="{desk_redo}" title="{desk_redo}">↷</button>
      {form_panel}
    </div>
  </section>
  <div class="after" data-part="after" inert>
    <div class="actions">
      <button type="button" data-do="again">{again}</button>
      <button type="button" data-do="copy"><span data-part="copy">{copy}</span></button>
      <button type="button" data-do="save">{save}</button>
      <details class="further">
        <summary>{kept_further}</summary>
        <p>{kept_save_as} {one_file}<button type="button" data-do="file" data-format="card">{kept_as_card}</button></p>
        <p><label>{kept_collections} <input data-part="collections" type="text" autocomplete="off"
           placeholder="{kept_collections_hint}"></label></p>
        <p>{receipt} <button type="button" data-do="rewriteall">{desk_write_again}</button>
           <button type="button" data-do="copyreceipt">{desk_copy_receipt}</button></p>
        <p><button type="button" data-do="delete">{kept_delete}</button></p>
      </details>
    </div>
    <div data-part="overlap"></div>
    <div data-part="receipt"></div>
  </div>
  <nav class="margin" aria-label="{kept_kept}">
    <div>
      <h2>{kept_kept}</h2>
      <button type="button" class="new" data-do="newpage">{kept_new}</button>
      <div class="find" data-part="find" hidden>
        <input type="search" data-part="search" placeholder="{kept_search}" aria-label="{kept_search}" maxlength="100">
        <button type="button" class="sign" data-do="starred" aria-pressed="false" aria-label="{kept_starred_only}"
                title="{kept_starred_only}">☆</button>
        <select data-part="collection" aria-label="{kept_collections}" hidden></select>
      </div>
      <div data-part="poems"><p class="none">{kept_none_yet}</p></div>
      <p class="none" data-part="more-poems" hidden>{kept_more_poems}</p>
      <div data-part="starred-lines"></div>
      <details class="files" data-part="files" hidden>
        <summary>{kept_files}</summary>
        <p data-part="all-files">{kept_all_as} {all_files}</p>
        <p><label class="bring">{kept_bring}<input data-part="bring" type="file" accept=".json,.txt" class="unseen"></label></p>
        {where}
      </details>
      <details class="files">
        <summary>{desk_open_receipt}</summary>
        <textarea data-part="receipt-text" rows="4" aria-label="{desk_paste_receipt}" placeholder="{desk_paste_receipt}"
                  spellcheck="false"></textarea>
        <p><button type="button" data-do="openreceipt">{desk_write_again}</button></p>
      </details>
    </div>
  </nav>
</div>
"""


_SAID = [
    "none_yet",
    "none_found",
    "all_poems",
    "starred_lines",
    "deleted",
    "bring_back",
    "brought",
    "brought_one",
    "full",
    "went_on",
]
"""Words of kept poems that the script says."""


def page(words: Words, *, in_browser: bool = False) -> gr.HTML:
    """Return the component. Its events are "settle" and "again", and those of `lines.wire` and `kept.wire`."""
    return gr.HTML(
        html_template=template(words, in_browser=in_browser),
        js_on_load="\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS),
        apply_default_css=False,
        elem_id="page",
    )


def template(words: Words, *, in_browser: bool = False) -> str:
    """Return the page without a poem. Gradio reads it as a template, so it must hold none of its signs.

    `in_browser`: poems are kept by the visitor's browser, not in the data folder.
    """
    fields = {name: escape(str(getattr(words, name))) for name in words.__dataclass_fields__}
    for prefix, own in (("desk", words.desk), ("kept", words.kept)):
        fields |= {f"{prefix}_{name}": escape(str(getattr(own, name))) for name in own.__dataclass_fields__}
    told = " ".join(f'data-{name.replace("_", "-")}="{fields[f"kept_{name}"]}"' for name in _SAID)
    html = _TEMPLATE.format(
        **fields,
        kept_words=told,
        most_followed=MOST_FOLLOWED,
        keeper="browser" if in_browser else "server",
        where=f"<p>{fields['kept_kept_here']}</p>" if in_browser else "",
        one_file=_formats("file", fields),
        all_files=_formats("allfiles", fields),
        form_panel=form_panel.panel_html(words.desk),
    )
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def _formats(do: str, fields: dict[str, str]) -> str:
    kinds = ("text", "markdown", "page", "json")
    return "".join(
        f'<button type="button" data-do="{do}" data-format="{kind}">{fields[f"kept_as_{kind}"]}</button>'
        for kind in kinds
    )


def in_the_making(draft: Draft, seed: str, written: str, marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """Return a poem as far as it is written; it is shown as plain text. The marks are of seed and text together."""
    request = draft.request
    return {
        "id": draft.number,
        "seed": seed,
        "text": written,
        "marks": poem_view.marked(len(seed) + len(written), marks),
        "done": draft.poem is not None,
        "lines": (request.form.lines if isinstance(request, FormRequest) else request.lines) or 0,
        "notices": poem_view.notices_html(draft.notices),
    }


def finished(kept: Kept, words: Words, near: str = "") -> dict[str, Any]:
    """Return a finished poem with all that stands below it; `near` says how near it came to its form."""
    poem = kept.poem
    spans = kept.report["spans"] if kept.report else ()
    return {
        "id": kept.number,
        "final": True,
        "poet": kept.poet,
        "given": poem.seed_characters,
        "marks": poem_view.marked(
            len(poem.text), [(span["start"], span["end"], span["distinctive"]) for span in spans]
        ),
        "receipt_json": poem.receipt,
        "overlap": poem_view.ended_html(poem, words)
        + poem_view.overlap_html(poem.text, kept.report, words)
        + poem_view.notices_html((near,) if near else ()),
        "receipt": poem_view.receipt_html(poem, words),
        "notices": poem_view.notices_html(kept.notices),
        "text": poem.text,
        "lines": sum(1 for line in poem.text.split("\n") if line.strip()),
        "save": poem_view.text_to_save(poem, words),
        "file": poem_view.file_name(poem),
    }


def failed(number: int, sentence: str) -> dict[str, Any]:
    """Return a sentence to show instead of a poem."""
    # Two equal values in a row would be one to the browser, and the second error would not be seen.
    return {"id": number, "error": poem_view.notices_html((sentence,)), "at": time.monotonic_ns()}
