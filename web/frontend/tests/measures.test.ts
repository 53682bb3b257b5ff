import { beforeEach, describe, expect, it } from "vitest";
import {
  area, displacement, exaggeration, metres, position, scaleResolution, scaleText, wind,
} from "../src/measures";
import { speak } from "./helpers";

describe("displacement", () => {
  it.each([
    [1.834, 78.2, "en", "1.83 m → 78° ENE"],
    [1.834, 78.2, "zh", "1.83 m → 78° 东"],
    [412.61, 359.7, "en", "412.6 m → 0° N"],
    [5123, 225, "zh", "5.12 km → 225° 西南"],
    [0.02, null, "en", "0.02 m"],
    [null, 10, "en", "—"],
  ] as const)("%s m at %s° is %s", (distance_m, bearing_deg, language, text) => {
    expect(displacement(distance_m, bearing_deg, language)).toBe(text);
  });

  it("keeps the wind of a bearing outside a full turn", () => {
    expect(wind(-90, "en")).toBe("W");
    expect(wind(450, "en")).toBe("E");
  });

  it("writes metres with the digits that matter", () => {
    expect([0.004, 9.99, 10, 999.9, 1000].map(metres)).toEqual([
      "0.00 m", "9.99 m", "10.0 m", "999.9 m", "1.00 km",
    ]);
  });
});

describe("position", () => {
  beforeEach(() => {
    speak("en", {
      "position.pair": "{lon}, {lat}", "position.east": "{degrees}° E", "position.west": "{degrees}° W",
      "position.north": "{degrees}° N", "position.south": "{degrees}° S",
    });
  });

  it("says longitude first, with its side", () => {
    expect(position([111.703124, 40.8])).toBe("111.70312° E, 40.80000° N");
    expect(position([-1.5, -33])).toBe("1.50000° W, 33.00000° S");
  });

  it("wraps a view that has gone round the globe", () => {
    expect(position([471.7, 0])).toBe("111.70000° E, 0.00000° N");
  });
});

describe("areas", () => {
  it("have the unit that fits", () => {
    expect([850, 12_000, 3_210_000, 4.5e9].map(area)).toEqual([
      "850 m²", "1.2 ha", "3.21 km²", "4500 km²",
    ]);
  });
});

describe("exaggeration", () => {
  it("makes metres visible and says a round factor", () => {
    expect(exaggeration([0.001])).toBe(50000);
    expect(exaggeration([3.5])).toBe(20);
  });

  it("is none where arrows are long enough, or where there are none", () => {
    expect(exaggeration([90])).toBe(1);
    expect(exaggeration([])).toBe(1);
    expect(exaggeration([0, 0])).toBe(1);
  });

  it("is not ruled by one gross error", () => {
    expect(exaggeration([0.01, 0.01, 0.02, 0.02, 0.02, 5000])).toBe(2000);
  });
});

describe("the scale of a sheet", () => {
  it("has 25.4 mm of paper for 96 pixels, at the latitude of its middle", () => {
    // 1:10,000: an inch is 254 m.
    expect(96 * scaleResolution(10000, 0)).toBeCloseTo(254, 9);
    expect(96 * scaleResolution(10000, 60)).toBeCloseTo(508, 9);
  });

  it("is written with its thousands", () => {
    expect([5000, 50000, 1000000].map(scaleText)).toEqual(["1:5,000", "1:50,000", "1:1,000,000"]);
  });
});
