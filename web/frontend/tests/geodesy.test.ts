import { describe, expect, it } from "vitest";
import { direct, gaussKruger, inverse, pathLength, ringArea, shifted } from "../src/geodesy";
import type { LonLat } from "../src/types";

// Expected values: PROJ 9 on the same ellipsoid (GRS 80, EPSG:4490 and its three-degree zones).

describe("geodesics", () => {
  it.each([
    [[111.7, 40.8], [116.4, 39.9], 411552.7428, 102.52180143],
    [[111.7, 40.8], [111.70002, 40.80001], 2.0203, 56.65646547],
    [[97.2, 37.4], [126, 53.3], 2833351.8211, 42.16927651],
  ] as [LonLat, LonLat, number, number][])("%j to %j", (from, to, distance_m, azimuth_deg) => {
    const found = inverse(from, to);
    expect(found?.distance_m).toBeCloseTo(distance_m, 3);
    expect(found?.azimuth_deg).toBeCloseTo(azimuth_deg, 6);
  });

  it("go to where they came from", () => {
    const [lon, lat] = direct([97.2, 37.4], 42.16927651, 2833351.8211 / 2);
    expect(lon).toBeCloseTo(109.527756934, 7);
    expect(lat).toBeCloseTo(46.253785843, 7);
    expect(shifted([111.7, 40.8], 0, 0)).toEqual([111.7, 40.8]);
  });

  it("have no length at one place and none known at the other side of the Earth", () => {
    expect(pathLength([[111, 40], [111, 40]])).toBe(0);
    expect(pathLength([[111, 40]])).toBe(0);
    expect(inverse([0, 0.5], [179.9, -0.5])).toBeNull();
  });
});

describe("areas", () => {
  it.each([
    [[[111, 40], [113, 40], [113, 42], [111, 42]], 37371134227.88],
    [[[97.2, 37.4], [126, 42], [120, 53.3]], 1630981541996.5],
  ] as [LonLat[], number][])("of %j", (ring, area_m2) => {
    expect(ringArea(ring) / area_m2).toBeCloseTo(1, 5);
    expect(ringArea([...ring].reverse()) / area_m2).toBeCloseTo(1, 5);
  });
});

describe("plane coordinates", () => {
  it.each([
    [[111.7, 40.8], 37, 111, 4518598.6914, 37559072.5121],
    [[126, 53.3], 42, 126, 5908007.1031, 42500000],
    [[97.25, 37.5], 32, 96, 4152736.2168, 32610534.0975],
  ] as [LonLat, number, number, number, number][])("of %j", (at, zone, meridian, x, y) => {
    const found = gaussKruger(at);
    expect([found.zone, found.meridian_deg]).toEqual([zone, meridian]);
    expect(found.x_north_m).toBeCloseTo(x, 3);
    expect(found.y_east_m).toBeCloseTo(y, 3);
  });
});
