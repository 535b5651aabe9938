"""What the core says of poets, their training and the folder they are in, in Chinese."""

TRAINING = {
    "{} writes word by word and cannot be fine-tuned: choose another --from.": "{0} 是逐词写作的，不能在它的基础上训练：请另选一位。",
    "There is only one poem, so none can be held out: give more, cut the text with --pieces sections or lines, or train with --validation 0.": "只有一首诗，没有可以留出的：请多带几首，或把留出的比例设为 0。",
    "No poem is left to train on: give more poems, or hold fewer of them out.": "没有剩下可供训练的诗：请多带几首，或少留出一些。",
    "{} characters are too few for a window of {}: bring more poems, or take a recipe with a shorter window.": "{0} 个字符对于长度为 {1} 的窗口来说太少：请多带几首诗，或换一个窗口更短的配方。",
}

NAMES = {
    "There is no poet {} here; there are: {}.": "这里没有诗人 {0}；现有：{1}。",
}

FOLDERS = {
    "The poet {} has no overlap index: train it to its end first.": "诗人 {0} 没有比对索引：请先把它训练完。",
}
