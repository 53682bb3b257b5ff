import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sheetTitle } from "../src/printing";
import { speak } from "./helpers";

describe("the heading of a sheet", () => {
  beforeEach(() => {
    speak("zh", { "print.sheet": "{day} / {printed}" });
    vi.useFakeTimers();
  });
  afterEach(() => { vi.useRealTimers(); });

  it("names the reader's day, not that of Greenwich", () => {
    const here = new Date(2026, 4, 3, 0, 30);
    const east = vi.spyOn(Date.prototype, "toISOString").mockReturnValue("2026-05-02T16:30:00.000Z");
    vi.setSystemTime(here);
    expect(sheetTitle("", null)).toBe("2026-05-03 / 2026-05-03");
    expect(sheetTitle("1990-05-03", 50000)).toBe("1990-05-03 / 2026-05-03 · 1:50,000");
    east.mockRestore();
  });
});
