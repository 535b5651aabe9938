"""Chinese as a language of the interface: its punctuation, and the core's sentences in it."""

from poetbot.web.chinese import said_of_poets as poets
from poetbot.web.chinese import said_of_writing as writing
from poetbot.web.locale import Sentences, Tongue

IN_CHINESE = Tongue(
    key="zh",
    code="zh-CN",
    name="中文",
    stop="。",
    comma="，",
    listed="、",
    semicolon="；",
    colon="：",
    gap="",
    aside="（{}）",
    said=Sentences(
        {
            **poets.NAMES,
            **poets.FOLDERS,
            **writing.CHECKING,
        },
        listed="、",
        key="zh",
    ),
)
