import { beforeEach, expect, it } from "vitest";
import { readView, recall, remember, writeView } from "../src/address";

beforeEach(() => { window.location.hash = ""; });

it("keeps and forgets values side by side", () => {
  remember("q", "呼市");
  remember("submission", "12");
  expect([recall("q"), recall("submission")]).toEqual(["呼市", "12"]);
  remember("q", "");
  expect(window.location.hash).toBe("#submission=12");
});

it("writes a view that reads back", () => {
  const view = { zoom: 9.25, center: [111.7, 40.8] as const };
  expect(writeView(view)).toBe("9.25/40.80000/111.70000");
  expect(readView(writeView(view))).toEqual({ zoom: 9.25, center: [111.7, 40.8] });
});

it.each(["", "9", "9/x/1", "9/95/0", "9/0/400", "9/NaN/1"])("refuses %j as a view", (text) => {
  expect(readView(text)).toBeNull();
});
