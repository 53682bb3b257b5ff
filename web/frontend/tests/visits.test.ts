import { describe, expect, it } from "vitest";
import {
  bodyOf, counted, emptyForm, lastVisits, mayChange, mayTakeBack, metresTyped, missing, newId, refusalOf,
  unsent, zoned, type Photo, type Visit, type VisitForm,
} from "../src/field/visits";

const NOW = new Date("2026-05-03T02:20:05Z");

export function visit(changes: Partial<Visit> = {}, form: Partial<VisitForm> = {}): Visit {
  return {
    client_id: "3f0b1c1e-0000-4000-8000-00000000000a", account: "survey", round_id: 3, marker_id: 7,
    marker_no: "1521001Q", lang: "zh", created_at: NOW.toISOString(), state: "draft",
    form: emptyForm(NOW, { condition: "intact", ...form }), body: null, attempts: 0, receipt: null, refusal: null,
    ...changes,
  };
}

describe("a moment", () => {
  it("has its zone, and none where it is none", () => {
    expect(new Date(zoned("2026-05-03T10:20")).getTime()).toBe(new Date("2026-05-03T10:20").getTime());
    expect(zoned("2026-05-03T10:20")).toMatch(/^2026-05-03T10:20:00[+-]\d{2}:\d{2}$/);
    expect(zoned("")).toBe("");
    expect(zoned("gestern")).toBe("");
  });
});

it("makes numbers that the server takes, each another", () => {
  const made = Array.from({ length: 50 }, newId);
  expect(made.every((one) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(one))).toBe(true);
  expect(new Set(made).size).toBe(50);
});

it("reads lengths as people type them", () => {
  expect(["12,4", "12.4 m", "１２．４米", "0.5"].map(metresTyped)).toEqual([12.4, 12.4, 12.4, 0.5]);
  expect(["", "weit", "12 x"].map(metresTyped)).toEqual([NaN, NaN, NaN]);
});

it("says everything that a form still needs", () => {
  const form = emptyForm(NOW, { observed: "", ties: { 1: "-2", 2: "", 3: "4" } });
  expect(missing(form).map((one) => [one.field, one.need])).toEqual([
    ["condition", "condition"], ["observed_at", "observed"], ["tie1_distance_m", "distance"],
  ]);
  expect(missing(visit().form)).toEqual([]);
  expect(missing({ ...visit().form, position: "112, 41" }).map((one) => one.field)).toEqual(["method"]);
});

describe("the body of a visit", () => {
  const fix = { lon: 112.00003, lat: 41.4, accuracy_95_m: 6.4, fixed_at: "2026-05-03T02:20:00.000Z" };

  it("has the device's position as it was stated, and nothing blank", () => {
    const said = JSON.parse(bodyOf(visit({}, { fix, method: "", ties: { 1: "20,1" } }), ["a.jpg"], "pad")) as object;
    expect(said).toEqual({
      client_id: "3f0b1c1e-0000-4000-8000-00000000000a", marker_id: 7, round_id: 3,
      observed_at: zoned(emptyForm(NOW).observed), condition: "intact", ...fix, device: "pad",
      tie1_distance_m: 20.1, photos: ["a.jpg"],
    });
  });

  it("has a typed position with its system and method instead", () => {
    const typed = { position: "112.1, 41.2", crs: "CGCS2000", method: "static" };
    expect(JSON.parse(bodyOf(visit({}, typed), [], ""))).toMatchObject(typed);
  });

  it("names no method where there is no position", () => {
    expect(JSON.parse(bodyOf(visit({}, { method: "static" }), [], ""))).not.toHaveProperty("method");
  });
});

it("lets a visit be changed until the server may have it", () => {
  const may = (changes: Partial<Visit>): [boolean, boolean] => [mayChange(visit(changes)), mayTakeBack(visit(changes))];
  expect(may({ state: "draft" })).toEqual([true, false]);
  expect(may({ state: "waiting" })).toEqual([false, true]);
  expect(may({ state: "waiting", attempts: 1 })).toEqual([false, false]);
  expect(may({ state: "sending", attempts: 1 })).toEqual([false, false]);
  expect(may({ state: "refused" })).toEqual([true, false]);
  expect(may({ state: "sent", attempts: 1 })).toEqual([false, false]);
});

it("counts what would be lost", () => {
  const photo = (client_id: string, state: Photo["state"]): Photo => ({
    id: client_id + state, client_id, account: "survey", marker_id: 7, name: "a", type: "image/jpeg",
    size: 1, state, refusal: null,
  });
  const visits = [visit({ client_id: "a", state: "sent" }), visit({ client_id: "b", state: "waiting" })];
  expect(counted(visits)).toMatchObject({ sent: 1, waiting: 1, draft: 0 });
  expect(unsent(visits, [photo("a", "kept"), photo("a", "sent"), photo("b", "kept")])).toBe(2);
  expect(unsent([visit({ state: "sent" })], [])).toBe(0);
});

it("shows the last visit of each marker of a round", () => {
  const early = visit({ client_id: "a", created_at: "2026-05-01T00:00:00Z" });
  const late = visit({ client_id: "b", created_at: "2026-05-02T00:00:00Z" });
  const elsewhere = visit({ client_id: "c", round_id: 4 });
  expect([...lastVisits([late, early, elsewhere], 3)].map(([key, one]) => [key, one.client_id])).toEqual([[7, "b"]]);
});

it("keeps a refusal whatever the body is", () => {
  expect(refusalOf(422, { title: "T", errors: [{ column: "condition", zh: "错" }] })).toEqual({
    status: 422, title: "T", detail: "", field: "", faults: [{ column: "condition", zh: "错" }],
  });
  expect(refusalOf(413, null)).toMatchObject({ status: 413, title: "", faults: [] });
});
