"""What the core says of poets, their training and the folder they are in, in Chinese."""

NAMES = {
    "There is no poet {} here; there are: {}.": "这里没有诗人 {0}；现有：{1}。",
}

FOLDERS = {
    "The poet {} has no overlap index: train it to its end first.": "诗人 {0} 没有比对索引：请先把它训练完。",
}
