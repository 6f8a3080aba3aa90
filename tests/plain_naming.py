"""Naming rules that are short."""

PLAIN = {
    "follower_statistic": "median",
    "tiers": {"Nano": 0, "Micro": 10_000, "Macro": 500_000},
    "rules": [
        {"name": "Celebrities", "when": {"followers": [1_000_000, None]}},
        {"name": "{tier} Verified", "when": {"verified_share": [0.5, None]}},
        {"name": "Creators", "when": {}},
    ],
}
"""Few rules, so that segments come out alike where a test wants them to."""
