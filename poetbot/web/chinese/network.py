"""What a recipe's network is made of, in Chinese; poets/recipe_description.py says it in English."""

from poetbot.poets.recipe import HALF, Recipe

_CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "简单循环"}


def network_in_chinese(recipe: Recipe) -> str:
    """Return what the network is made of, from the bottom to the top."""
    cell = _CELLS[recipe.cell]
    below = recipe.layers - 1 if recipe.last_units else recipe.layers
    parts = []
    if below:
        both = "" if not recipe.bidirectional else "双向的" if below == 1 else "（首层双向）"
        parts.append(
            f"{below} 层{both}，每层 {recipe.units} 个 {cell} 单元"
            if below > 1
            else f"1 层{both} {recipe.units} 个 {cell} 单元"
        )
    if recipe.last_units:
        parts.append(f"1 层 {recipe.last_units} 个 {cell} 单元")
    if recipe.dense:
        size = "数目为词表一半的 relu 单元" if recipe.dense == HALF else f" {recipe.dense} 个 relu 单元"
        parts.append(f"1 个全连接层，{size.strip()}")
    read = f"读取 {recipe.embedding} 维词嵌入" if recipe.embedding else "读取独热编码"
    tied = "（softmax 与之共用）" if recipe.tied else ""
    folded = "（只用小写字母）" if recipe.fold_case else ""
    return f"{read}{tied}{folded}的网络：{'；'.join(parts)}"
