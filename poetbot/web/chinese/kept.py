"""The words for kept poems in Chinese."""

from dataclasses import replace

from poetbot.web.tabs.write.kept_words import ENGLISH_KEPT

CHINESE_KEPT = replace(
    ENGLISH_KEPT,
    kept="保存的诗",
    kept_here="你的诗只保存在这个浏览器里。",
    none_yet="你的诗会列在这里。",
    none_found="没有诗含有这些字。",
    search="搜索",
    starred_only="加了星的",
    all_poems="全部",
    more_poems="还有更多：请输入诗中的字来搜索。",
    new="新的一页",
    title="标题",
    star="加星",
    star_line="给这一行加星",
    starred_lines="加了星的诗行",
    collections="集子",
    collections_hint="名称，用逗号隔开",
    delete="删除",
    deleted="“{name}”已删除。",
    bring_back="找回",
    further="更多",
    save_as="另存为",
    as_text="文本",
    as_page="打印用的网页",
    as_card="图片",
    files="文件",
    all_as="把这些全部存为",
    bring="从文件带来诗（JSON 或文本）",
    brought="带来了 {n} 首诗。",
    brought_one="带来了 1 首诗。",
    not_here="这里的诗由浏览器保存：请重新加载页面。",
    full="浏览器的存储空间已满，这首诗没有保存：请导出一些诗，删除它们，再继续。",
    went_on="这首诗在另一个窗口里改过。你在这里写的会作为另一首诗继续。",
    broken="保存的诗出了问题，详情见终端。请再试一次。",
)
