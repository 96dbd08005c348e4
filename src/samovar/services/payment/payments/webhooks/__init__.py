"""What providers tell by themselves: kept, acknowledged, and then asked about."""
