"""Random openings, written for PoetBot, not quoted."""

import random
from collections.abc import Sequence

from poetbot.cjk import is_mostly_cjk
from poetbot.corpus.chinese_scripts import in_script, script_of

OPENINGS = (
    "The lamp is low, and",
    "O wind that walks the wheat,",
    "When I was small",
    "The kettle sings before the day,",
    "All night the gutters told the rain",
    "I left a letter on the stair",
    "My mother's garden, overgrown,",
    "Come down, slow evening, to the ford",
    "The heron keeps his narrow post",
    "What did the river say to you?",
    "There is a door I never tried",
    "Snow on the harbour, and no sound",
    "Let go the rope, the boat is light,",
    "Two crows were counting out the field",
    "The clock has stopped at half past rain",
    "Say not the orchard sleeps; it waits",
    "Under the bridge the swallows write",
    "I dreamed the sea came up the road",
    "An apple in a soldier's hand,",
    "The miller's daughter combs the dark",
    "No letter came, and then the spring",
    "Small candle, you have worked enough,",
    "Here lies the summer, short and gold,",
    "My shadow went ahead of me",
    "Bring me the blue jar from the shelf",
    "The hill has put its mantle on",
    "Who laid this feather on the sill?",
    "At last the tide forgives the shore",
    "The baker's window, four o'clock,",
    "O little boat of folded news,",
    "I know a lane that has no end",
    "The bees have gone into the wall",
    "Thou moon above the railway yard,",
    "When the last guest has found his coat",
    "The piano in the empty house",
    "Grey horse, grey morning, and the gate",
    "I owe the winter one more song",
    "The stars are only far-off barns",
    "Hush, said the barley to the crow,",
    "We built our kingdom out of chairs",
    "A thousand miles of telegraph",
    "Old friend, the path is under leaves,",
    "The well remembers every face",
)


CHINESE_OPENINGS = (
    "水壶鸣未歇，",
    "末班车已远，",
    "渡口无船等月来，",
    "旧信夹书里，",
    "窗灯三两点，",
    "老桥才过雨，",
    "邻家新种豆，",
    "石阶生绿意，",
    "扫叶到门口，",
    "夜半听潮近，",
    "小儿争纸鹤，",
    "冬阳晒旧被，",
    "井底藏新月，",
    "雪后无人路，",
    "茶凉话未了，",
    "归鸟知天色，",
    "山泉绕旧屋，",
    "一灯分两影，",
    "晚市收鱼担，",
    "谁家晒蓝布，",
    "母亲园里花初谢，",
    "我把春天寄远方，",
    "今夜城头风最大，",
    "小巷尽头灯未熄，",
    "一封家书半纸雨，",
    "秋千空荡无人坐，",
)


def random_opening(current: str = "", openings: Sequence[str] = OPENINGS) -> str:
    """Return a random opening other than the current one."""
    return random.SystemRandom().choice([line for line in openings if line != current.strip()])


def openings_for(symbols: Sequence[str]) -> Sequence[str]:
    """Return the openings for a poet that knows these characters or words, in its script."""
    if not is_mostly_cjk(tuple(symbols)):
        return OPENINGS
    script = script_of("".join(symbols))
    return CHINESE_OPENINGS if script is None else [in_script(line, script) for line in CHINESE_OPENINGS]
