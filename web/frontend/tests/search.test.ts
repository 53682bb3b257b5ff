import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { h } from "../src/dom";
import { SearchBox, type SearchParts } from "../src/search";
import type { SearchHit } from "../src/types";
import { answer, pause, speak } from "./helpers";

const hit = (name: string, more: Record<string, unknown> = {}): unknown => ({
  type: "Feature", geometry: { type: "Point", coordinates: [111, 40] },
  properties: { name, division_path: ["内蒙古自治区", "呼和浩特市"], ...more },
});

let parts: SearchParts;
let asked: string[];
let chosen: SearchHit[];
let hits: unknown[];

beforeEach(() => {
  window.location.hash = "";
  speak("zh", {
    "search.none": "没有找到“{text}”", "search.count": "{count} 条结果",
    "search.matched": "匹配“{text}”", "pass.fuzzy": "写法相近",
  });
  const input = h("input", { id: "q", type: "search" });
  const list = h("ul", { id: "hits", hidden: true });
  const status = h("p");
  const form = h("form", {}, input, list, status);
  document.body.replaceChildren(form);
  parts = { form, input, list, status };
  asked = [];
  chosen = [];
  hits = [hit("呼和浩特市", { matched: "呼市", pass: "fuzzy" }), hit("<img src=x onerror=alert(1)>")];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(answer({ features: hits }));
  });
  new SearchBox(parts, (one) => chosen.push(one));
});

afterEach(() => { vi.unstubAllGlobals(); });

function type(text: string, isComposing = false): void {
  parts.input.focus();
  parts.input.value = text;
  parts.input.dispatchEvent(new InputEvent("input", { isComposing }));
}

function press(key: string): void {
  parts.input.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
}

it("asks once after typing rests, keeps the query and lists the hits", async () => {
  type("呼");
  type("呼市");
  await pause(250);
  expect(asked).toEqual([`/search?q=${encodeURIComponent("呼市")}&limit=10`]);
  expect(window.location.hash).toContain(encodeURIComponent("呼市"));
  expect(parts.input.getAttribute("aria-expanded")).toBe("true");
  expect(parts.status.textContent).toBe("2 条结果");
});

it("says why a name was found, and its division", async () => {
  type("呼市");
  await pause(250);
  const text = parts.list.children[0]?.textContent;
  expect(text).toContain("匹配“呼市” · 写法相近");
  expect(text).toContain("内蒙古自治区 › 呼和浩特市");
});

it("writes names as text, whatever they hold", async () => {
  type("x");
  await pause(250);
  expect(parts.list.querySelector("img")).toBeNull();
  expect(parts.list.textContent).toContain("<img src=x onerror=alert(1)>");
});

it("asks nothing while a word is being composed", async () => {
  type("hu", true);
  type("huhe", true);
  await pause(250);
  expect(asked).toEqual([]);
  parts.input.value = "呼和";
  parts.input.dispatchEvent(new CompositionEvent("compositionend"));
  await pause(250);
  expect(asked).toHaveLength(1);
});

it("moves with the arrows, takes with Enter and closes with Escape", async () => {
  type("呼");
  await pause(250);
  press("ArrowDown");
  expect(parts.input.getAttribute("aria-activedescendant")).toBe("hit-0");
  press("ArrowUp");
  expect(parts.input.getAttribute("aria-activedescendant")).toBe("hit-1");
  press("Escape");
  expect(parts.list.hidden).toBe(true);
  press("ArrowDown");
  parts.form.dispatchEvent(new Event("submit", { cancelable: true }));
  await pause();
  expect(chosen.map((one) => one.properties.name)).toEqual(["呼和浩特市"]);
});

it("says that nothing was found", async () => {
  hits = [];
  type("没有的");
  await pause(250);
  expect(parts.status.textContent).toBe("没有找到“没有的”");
  expect(parts.list.hidden).toBe(true);
});
