import { readTexts } from "../src/texts";
import { h } from "../src/dom";
import type { Report, Result } from "../src/types";

/** Start as a page in that language, with a few texts; other keys show as themselves. */
export function speak(lang: "zh" | "en", texts: Record<string, string> = {}): void {
  readTexts(h("div", { "data-lang": lang, "data-texts": JSON.stringify(texts) }));
}

export function answer(body: unknown, status = 200, type = "application/json"): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": type } });
}

export function result(changes: Partial<Result> = {}): Result {
  return {
    row: 2, marker_id: 5, marker_no: "1521001Q", match: "number", condition: "intact",
    verdict: "displaced", registered: [111.7, 40.8], observed: [111.70002, 40.80001],
    distance_m: 1.834, bearing_deg: 78.2, tolerance_m: 0.3, tolerance_source: null, mdd_m: 0.22,
    ellipse: null, synthetic: false, proposal: null, zh: "已超限差", en: "beyond tolerance",
    ...changes,
  };
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    id: 12, state: "preview", sha256: "ab".repeat(32), file_name: "a.csv",
    received_at: "2026-05-01T00:00:00Z", row_count: 1, summary: { displaced: 1 },
    faults: [], findings: [], results: [result()], ...changes,
  };
}

/** Let promises and the debounce of the search box pass. */
export async function pause(ms = 0): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
