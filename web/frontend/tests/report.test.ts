import { beforeEach, expect, it, vi } from "vitest";
import { ReportView, type ReportActions } from "../src/report";
import type { Report, Result } from "../src/types";
import { report, result, speak } from "./helpers";

let actions: ReportActions;

function view(changes: Partial<Report> = {}): HTMLElement {
  return new ReportView(report(changes), actions).element;
}

beforeEach(() => {
  speak("zh", {
    "verdict.displaced": "移位", "condition.intact": "完好", "report.commit": "提交 {count} 条",
    synthetic: "合成示例数据 synthetic", "match.nearest": "按最近界桩",
  });
  actions = { choose: vi.fn(), filter: vi.fn(), commit: vi.fn(), close: vi.fn() };
});

it("has a row for each result with everything that was decided", () => {
  const cells = [...view().querySelectorAll(".verdicts tbody td")].map((cell) => cell.textContent);
  expect(cells).toEqual([
    "2", "1521001Q", "完好", "移位", "1.83 m → 78° 东", "0.30 m", "0.22 m", "已超限差",
  ]);
});

it("shows an unmatched row without inventing measures", () => {
  const unmatched = result({
    marker_no: null, match: "none", condition: null, verdict: "resubmit", distance_m: null,
    bearing_deg: null, tolerance_m: null, mdd_m: null,
  });
  const cells = [...view({ results: [unmatched] }).querySelectorAll(".verdicts tbody td")];
  expect(cells.map((cell) => cell.textContent).slice(4, 7)).toEqual(["—", "—", "—"]);
});

it("writes what the file said as text", () => {
  const fault = { code: "x", row: 3, column: "经度", value: "<b>7</b>", zh: "不是数字", en: "no number" };
  const element = view({ faults: [fault] });
  expect(element.querySelector(".faults code")?.textContent).toBe("<b>7</b>");
  expect(element.querySelector("b b, code b")).toBeNull();
});

it("says that records are synthetic", () => {
  expect(view().querySelector(".synthetic")).toBeNull();
  const element = view({ results: [result({ synthetic: true })] });
  expect(element.querySelector(".synthetic")?.textContent).toBe("合成示例数据 synthetic");
});

it("tells the map which row was chosen, by pointer or by keyboard", () => {
  const element = view();
  element.querySelector<HTMLButtonElement>(".row-button")?.click();
  expect(actions.choose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ row: 2 }));
  expect(element.querySelector("tr.chosen")).not.toBeNull();
});

it("filters by verdict", () => {
  const results = [result(), result({ row: 3, verdict: "in_place" })];
  const element = view({ results, summary: { displaced: 1, in_place: 1 } });
  element.querySelector<HTMLButtonElement>(".chip.badge-in_place")?.click();
  expect(element.querySelectorAll(".verdicts tbody tr")).toHaveLength(1);
  expect(actions.filter).toHaveBeenCalledWith(new Set(["in_place"]));
});

it("makes the rows of a long file in portions", () => {
  const results = Array.from({ length: 450 }, (_, index) => result({ row: index + 2 }));
  const element = view({ results });
  const rows = (): number => element.querySelectorAll(".verdicts tbody tr").length;
  expect(rows()).toBe(200);
  element.querySelector<HTMLButtonElement>(".more")?.click();
  element.querySelector<HTMLButtonElement>(".more")?.click();
  expect(rows()).toBe(450);
});

it("offers to commit a preview once, and nothing else", () => {
  const commit = view().querySelector<HTMLButtonElement>(".report-foot .primary");
  commit?.click();
  commit?.click();
  expect(actions.commit).toHaveBeenCalledOnce();
  expect(view({ state: "committed" }).querySelector(".primary")).toBeNull();
  expect(view({ results: [] }).querySelector(".primary")).toBeNull();
});

it("leads to what may be decided, on the page of the file that is kept", () => {
  const proposal = { code: "swapped", zh: "互换", en: "swap", changes: [] };
  const results = [result({ proposal } as Partial<Result>), result({ row: 3, proposal } as Partial<Result>)];
  const columns = [{ field: "lon" }, { field: null }];
  const hrefs = (element: HTMLElement): (string | null)[] =>
    [...element.querySelectorAll(".decisions a")].map((link) => link.getAttribute("href"));
  expect(hrefs(view({ results, columns }))).toEqual(["/submissions/12#column-choice", "/submissions/12#proposals"]);
  expect(hrefs(view({ results, columns, corrections: [{ row: 2 }, { row: 3 }] }))).toHaveLength(1);
  expect(hrefs(view({ results, columns, state: "committed" }))).toEqual([]);
});
