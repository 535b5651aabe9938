"""What the core says while a poet writes, and of what is looked at of poems, in Chinese."""

WRITING = {
    "The poem before and after the line must be text.": "该行前后的诗必须是文字。",
}

CHECKING = {
    "Give a text to check.": "请给出要比对的文字。",
}

KEEPING = {
    "There is no poem to draw: write a few lines first.": "没有诗可画：请先写几行。",
    "A poem is drawn up to {} characters: draw a part of it.": "最多能画 {0} 个字符：请画其中一部分。",
    "No font on this machine has the letters {}: leave them out, or install one (Noto has most).": "这台电脑上没有含 {0} 的字体：请去掉它们，或安装一种（Noto 大多都有）。",
    "The poems in {} were kept by a newer PoetBot: open them with that one.": "{0} 里的诗由更新版本的 PoetBot 保存：请用那个版本打开。",
    "The poems in {} cannot be saved now ({}): make room on the disk or close what else writes there, and try again; what was saved before is safe.": "现在无法保存 {0} 里的诗（{1}）：请腾出磁盘空间，或关闭正在写入的其他程序，再试一次；之前保存的都在。",
    "The poems in {} cannot be read ({}): put back a copy of the file, or move it away to begin anew.": "无法读取 {0} 里的诗（{1}）：请放回文件的备份，或把它移走重新开始。",
    "A collection needs a name.": "集子需要一个名字。",
    "A kept poem is a text of at most {} characters.": "保存的诗是文字，最多 {0} 个字符。",
    "A star goes on one line with text, of at most {} characters.": "只能给一行有文字的诗句加星，最多 {0} 个字符。",
    "At most {} poems are kept: export some and delete them.": "最多保存 {0} 首诗：请导出一些再删除。",
    "There are {} collections already: put it into one of them.": "已经有 {0} 个集子：请放进其中一个。",
    "There is no poem number {} any more: look at the list of your poems again.": "第 {0} 号诗已经不在了：请重新查看你的诗。",
    "A kept poem is asked for by its number.": "请按编号取保存的诗。",
    "The {} must be one line of at most {} characters.": "{0}必须是一行，最多 {1} 个字符。",
    "This poem was changed in another window: open it anew to see that; what you wrote here is kept in its history.": "这首诗在另一个窗口里改过：请重新打开查看；你在这里写的已保存在它的历史中。",
    "name of a collection": "集子的名字",
    "This is no JSON of kept poems: give the file as it was exported.": "这不是保存的诗的 JSON：请给出当初导出的文件。",
    "Poems are exported as one of {}.": "诗可以导出为以下几种：{0}。",
    "There is no poem in it.": "里面没有诗。",
    "At most {} poems are brought at once: bring them in parts.": "一次最多带来 {0} 首诗：请分几次带来。",
    "Poems are brought as a text of at most {} characters: bring them in parts.": "带来的诗最多 {0} 个字符：请分几次带来。",
}
