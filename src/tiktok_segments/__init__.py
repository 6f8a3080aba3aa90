"""TikTok profile exports into named influencer segments, every experiment tracked in MLflow."""
