"""Names of platforms, as parts of regular expressions that know no case."""

TIKTOK = r"tik[\s_.-]*tok|douyin|抖音"

OTHERS = (
    r"instagram|you[\s_.-]*tube|facebook|twitter|snapchat|twitch|pinterest|linkedin|threads|likee|"
    r"kuaishou|kwai|telegram|bilibili|weibo|red[\s_-]?note|xiaohongshu|小红书|快手|微博|вконтакте|"
    r"reddit|discord|lemon8"
)
"""Names that mean nothing else within other words."""

SHORT = "ig|yt|fb|vk|insta"
"""Short names of others, which mean them only where they stand alone."""
