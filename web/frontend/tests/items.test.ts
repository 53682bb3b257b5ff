import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fetchItems, itemsAddress } from "../src/items";
import { answer, speak } from "./helpers";

const query = { collection: "divisions", filters: { level: "prefecture" }, maxPages: 2 };
const box = [97, 37, 126, 53];
const page = (id: number, next?: string): Response =>
  answer({
    type: "FeatureCollection",
    features: [{ type: "Feature", id, geometry: null, properties: {} }],
    links: next === undefined ? [] : [{ rel: "next", href: next }],
  });

beforeEach(() => { speak("zh"); });
afterEach(() => { vi.unstubAllGlobals(); });

it("asks for the box in lon, lat order with the filters and the limit", () => {
  expect(itemsAddress(query, box)).toBe(
    "/collections/divisions/items?level=prefecture&bbox=97.00000%2C37.00000%2C126.00000%2C53.00000&limit=1000",
  );
});

it("follows next links on this very origin, up to the bound", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(page(asked.length, "http://inside:8000/collections/divisions/items?after=7"));
  });
  const items = await fetchItems(query, box, new AbortController().signal);
  expect(asked[1]).toBe("/collections/divisions/items?after=7");
  expect(items.features.map((feature) => feature.id)).toEqual([1, 2]);
  expect(items.complete).toBe(false);
});

it("is complete where there is no next link", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(page(1)));
  const items = await fetchItems(query, box, new AbortController().signal);
  expect(items).toMatchObject({ complete: true, features: [{ id: 1 }] });
});
