import { describe, expect, it } from "vitest";
import { isDay } from "../src/timeline";

describe("a day in the address", () => {
  it.each(["2023-02-28", "2024-02-29", "1949-10-01"])("takes %s", (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each(["", "2023-02-31", "2023-02-29", "2023-13-01", "2023-1-1", "1 March 2023"])(
    "leaves %s", (text) => {
      expect(isDay(text)).toBe(false);
    });
});
