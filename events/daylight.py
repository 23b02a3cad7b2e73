"""When the sun is up. Pure.

After the NOAA Solar Calculator (gml.noaa.gov/grad/solcalc), which follows Meeus, Astronomical
Algorithms: good to a minute or two at our latitudes.
"""

import datetime
import math

ZENITH = math.radians(90.833)  # the sun's upper edge on the horizon, refraction included
ZONE_HOURS = 8  # Asia/Shanghai
DAY = 24 * 60


def daylight(lon: float, lat: float, day: datetime.date) -> tuple[int, int]:
    """Sunrise and sunset in whole minutes of the Shanghai day, inward; (0, 0) in a polar night.

    >>> daylight(109.84, 40.65, datetime.date(2026, 12, 22))
    (482, 1036)
    """
    centuries = (day - datetime.date(2000, 1, 1)).days / 36525
    mean = math.radians(280.46646 + 36000.76983 * centuries)
    anomaly = math.radians(357.52911 + 35999.05029 * centuries)
    centre = math.radians(
        (1.914602 - 0.004817 * centuries) * math.sin(anomaly)
        + 0.019993 * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    tilt = math.radians(23.439291 - 0.0130042 * centuries)
    declination = math.asin(math.sin(tilt) * math.sin(mean + centre))
    eccentricity = 0.016708634 - 0.000042037 * centuries
    y = math.tan(tilt / 2) ** 2
    equation = 4 * math.degrees(
        y * math.sin(2 * mean)
        - 2 * eccentricity * math.sin(anomaly)
        + 4 * eccentricity * y * math.sin(anomaly) * math.cos(2 * mean)
        - y * y / 2 * math.sin(4 * mean)
        - 1.25 * eccentricity**2 * math.sin(2 * anomaly)
    )
    latitude = math.radians(lat)
    cosine = math.cos(ZENITH) / (math.cos(latitude) * math.cos(declination)) - math.tan(
        latitude
    ) * math.tan(declination)
    if abs(cosine) >= 1:
        return (0, 0) if cosine > 0 else (0, DAY)
    half = 4 * math.degrees(math.acos(cosine))
    noon = DAY / 2 - 4 * lon - equation + 60 * ZONE_HOURS
    return math.ceil(noon - half), math.floor(noon + half)
