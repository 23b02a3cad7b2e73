"""Minutes between points, estimated: straight line × detour ÷ speed."""

# Rural roads run about 1.3 times the straight line; 40 km/h is a loaded van's average on them.
DETOUR = 1.3
SPEED_KMH = 40


def metres_in(minutes: float) -> float:
    """How far away, in a straight line and metres, a place may be that is reached in minutes."""
    return minutes / 60 * SPEED_KMH * 1000 / DETOUR
