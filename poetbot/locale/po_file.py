"""Reads a gettext catalogue from its `.po` file, without a library: the standard one reads only compiled catalogues.

The format of both is that of GNU gettext (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and MO-Files.html).
"""

import ast
import gettext
import re
import struct
from io import BytesIO

_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])\s+)?("(?:[^"\\]|\\.)*")')
_HEADER = struct.Struct("<7I")
_MAGIC = 0x950412DE


def translations_of(text: str) -> gettext.GNUTranslations:
    """Return the translations in the text of a `.po` file; a message that isn't translated stays as it is."""
    return gettext.GNUTranslations(BytesIO(_compiled(_entries(text))))


def _entries(text: str) -> dict[str, str]:
    """Return the translated messages as a compiled catalogue has them: with their context, plural forms behind a zero."""
    found: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if match := _LINE.fullmatch(line.strip()):
                name = match[1] or name
                parts[name] = parts.get(name, "") + ast.literal_eval(match[2])
        forms = [value for key, value in sorted(parts.items()) if key.startswith("msgstr")]
        if "msgid" in parts and all(forms) and "#, fuzzy" not in paragraph:
            context = f"{parts['msgctxt']}\x04" if "msgctxt" in parts else ""
            plural = f"\0{parts['msgid_plural']}" if "msgid_plural" in parts else ""
            found[context + parts["msgid"] + plural] = "\0".join(forms)
    return found


def _compiled(entries: dict[str, str]) -> bytes:
    """Return a compiled catalogue: a header, where each message and each translation is, and the texts."""
    pairs = sorted((message.encode(), translation.encode()) for message, translation in entries.items())
    texts = [message for message, _ in pairs] + [translation for _, translation in pairs]
    begin = _HEADER.size + 8 * len(texts)
    places, data = b"", b""
    for each in texts:
        places += struct.pack("<2I", len(each), begin + len(data))
        data += each + b"\0"
    messages, translations = _HEADER.size, _HEADER.size + 8 * len(pairs)
    return _HEADER.pack(_MAGIC, 0, len(pairs), messages, translations, 0, 0) + places + data
