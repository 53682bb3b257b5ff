/** A submission's report as elements. The same structure and classes as templates/submission.html. */

import { h } from "./dom";
import { displacement, metres } from "./measures";
import { verdictBadge, syntheticNote } from "./popup";
import { label, langQuery, language, sentence, t } from "./texts";
import { VERDICTS, type Fault, type Finding, type Report, type Result } from "./types";

/** Rows made at once; a file of thousands must not stop the page. */
const CHUNK = 200;

export interface ReportActions {
  choose(result: Result): void;
  filter(verdicts: ReadonlySet<string>): void;
  commit(): void;
  close(): void;
}

/** The address of a report's own page, in the language of this one. */
export function reportPage(id: number, part = ""): string {
  return `/submissions/${String(id)}${langQuery()}${part}`;
}

function findingList(findings: readonly Finding[]): HTMLElement | null {
  if (findings.length === 0) return null;
  return h("section", { class: "findings" }, h("h3", {}, t("report.findings")),
    h("ul", {}, ...findings.map((finding) => h("li", {}, sentence(finding)))));
}

function faultRow(fault: Fault): HTMLElement {
  const value = fault.value === null || fault.value === undefined ? "" : String(fault.value);
  return h("tr", {},
    cell("report.row", fault.row === null ? t("report.whole_file") : String(fault.row)),
    cell("report.column", fault.column ?? ""),
    h("td", { "data-label": t("report.value") }, value === "" ? null : h("code", {}, value)),
    cell("report.fault", sentence(fault)));
}

function faultTable(faults: readonly Fault[]): HTMLElement | null {
  if (faults.length === 0) return null;
  const heads = ["report.row", "report.column", "report.value", "report.fault"];
  const body = h("tbody");
  const more = chunked(body, faults.map((fault) => () => faultRow(fault)));
  return h("section", { class: "faults" },
    h("h3", {}, t("report.faults", { count: faults.length })),
    h("div", { class: "table-wrap", tabindex: 0 }, h("table", { class: "stacked" }, headRow(heads), body)), more);
}

function headRow(keys: readonly string[]): HTMLElement {
  return h("thead", {}, h("tr", {}, ...keys.map((key) => h("th", { scope: "col" }, t(key)))));
}

function cell(key: string, text: string, className = ""): HTMLElement {
  return h("td", { "data-label": t(key), class: className || null }, text === "" ? "—" : text);
}

/** Append the first rows and return a button for the next ones; null when all are there. */
function chunked(body: HTMLElement, rows: readonly (() => HTMLElement)[]): HTMLElement | null {
  let done = 0;
  const button = h("button", { type: "button", class: "more" });
  const next = (): void => {
    body.append(...rows.slice(done, done + CHUNK).map((make) => make()));
    done += CHUNK;
    button.textContent = t("report.more", { count: Math.max(0, rows.length - done) });
    button.hidden = done >= rows.length;
  };
  next();
  button.addEventListener("click", next);
  return done >= rows.length ? null : button;
}

export class ReportView {
  readonly element = h("div", { class: "report" });
  private readonly shown = new Set<string>();
  private readonly table = h("section", { class: "results" });
  private readonly rows = new Map<number, HTMLElement>();

  constructor(
    readonly report: Report,
    private readonly actions: ReportActions,
  ) {
    this.element.append(...this.sections());
    this.fillTable();
  }

  /** Mark the row of a result and bring it into view. */
  mark(row: number): void {
    for (const [number, element] of this.rows) element.classList.toggle("chosen", number === row);
    this.rows.get(row)?.scrollIntoView({ block: "nearest", behavior: "auto" });
  }

  private sections(): Node[] {
    const { report } = this;
    const synthetic = report.results.some((result) => result.synthetic);
    return [
      this.head(), this.chips(), synthetic ? syntheticNote() : null,
      findingList(report.findings), this.decisions(), faultTable(report.faults), this.table, this.foot(),
    ].filter((node): node is HTMLElement => node !== null);
  }

  private head(): HTMLElement {
    const { report } = this;
    const close = h("button", { type: "button", class: "plain" }, t("report.close"));
    close.addEventListener("click", () => { this.actions.close(); });
    return h("header", { class: "report-head" },
      h("h2", { tabindex: -1 }, report.file_name),
      h("span", { class: `state state-${report.state}` }, label("state", report.state)),
      close,
      h("p", { class: "report-meta" },
        t("report.meta", { id: report.id, rows: report.row_count, hash: report.sha256.slice(0, 12) })));
  }

  /** What may be decided before the commit: on the report's own page, with the file that is kept. */
  private decisions(): HTMLElement | null {
    const { columns = [], corrections = [], results, state } = this.report;
    if (state === "committed") return null;
    const settled = new Set(corrections.map((one) => one.row));
    const proposed = results.filter((one) => one.proposal !== null && !settled.has(one.row)).length;
    const read = columns.filter((one) => one.field !== null).length;
    const links = [
      columns.length > 0 ? [t("report.columns_read", { read, count: columns.length }), "#column-choice"] as const : null,
      proposed > 0 ? [t("report.proposed", { count: proposed }), "#proposals"] as const : null,
    ].filter((one) => one !== null);
    if (links.length === 0) return null;
    return h("ul", { class: "decisions" }, ...links.map(([text, part]) =>
      h("li", {}, h("a", { href: reportPage(this.report.id, part) }, text))));
  }

  private chips(): HTMLElement {
    const present = VERDICTS.filter((verdict) => (this.report.summary[verdict] ?? 0) > 0).reverse();
    return h("div", { class: "chips", role: "group", "aria-label": t("report.filter") },
      ...present.map((verdict) => this.chip(verdict)));
  }

  private chip(verdict: string): HTMLElement {
    const button = h("button", { type: "button", class: `chip badge-${verdict}`, "aria-pressed": "false" },
      label("verdict", verdict), h("b", {}, String(this.report.summary[verdict])));
    button.addEventListener("click", () => {
      if (!this.shown.delete(verdict)) this.shown.add(verdict);
      button.setAttribute("aria-pressed", String(this.shown.has(verdict)));
      this.fillTable();
      this.actions.filter(this.shown);
    });
    return button;
  }

  private fillTable(): void {
    const results = this.report.results.filter((one) => this.shown.size === 0 || this.shown.has(one.verdict));
    this.rows.clear();
    if (this.report.results.length === 0) {
      this.table.replaceChildren(h("p", {}, t("report.no_results")));
      return;
    }
    const heads = ["row", "marker", "condition", "verdict", "displacement", "tolerance", "mdd", "reason"];
    const body = h("tbody");
    const more = chunked(body, results.map((result) => () => this.resultRow(result)));
    this.table.replaceChildren(
      h("h3", {}, t("report.results")),
      h("div", { class: "table-wrap" },
        h("table", { class: "stacked verdicts" }, headRow(heads.map((name) => `report.${name}`)), body)),
      ...(more === null ? [] : [more]));
  }

  private resultRow(result: Result): HTMLElement {
    const choose = h("button", { type: "button", class: "row-button", title: t("report.show_on_map") },
      result.marker_no ?? t("report.unmatched"));
    const moved = displacement(result.distance_m, result.bearing_deg, language());
    const row = h("tr", {},
      cell("report.row", String(result.row), "number"),
      h("td", { "data-label": t("report.marker") }, choose, this.tag(result)),
      cell("report.condition", result.condition === null ? "" : label("condition", result.condition), "short"),
      h("td", { "data-label": t("report.verdict") }, verdictBadge(result.verdict)),
      cell("report.displacement", moved, "measure"),
      h("td", { "data-label": t("report.tolerance"), class: "measure", title: result.tolerance_source ?? null },
        metres(result.tolerance_m)),
      cell("report.mdd", metres(result.mdd_m), "measure"),
      h("td", { "data-label": t("report.reason"), class: "reason" }, sentence(result),
        result.proposal === null ? null : h("p", { class: "proposal" }, sentence(result.proposal))));
    row.addEventListener("click", () => {
      this.mark(result.row);
      this.actions.choose(result);
    });
    this.rows.set(result.row, row);
    return row;
  }

  private tag(result: Result): HTMLElement | null {
    if (result.match === "number") return null;
    return h("span", { class: "tag" }, label("match", result.match));
  }

  private foot(): HTMLElement {
    const { report } = this;
    if (report.state !== "preview" || report.results.length === 0) {
      const done = report.state === "committed" ? t("report.committed", { id: report.id }) : "";
      return h("footer", { class: "report-foot", role: "status" }, done, this.whole());
    }
    const commit = h("button", { type: "button", class: "primary" },
      t("report.commit", { count: report.results.length }));
    commit.addEventListener("click", () => {
      commit.disabled = true;
      this.actions.commit();
    });
    return h("footer", { class: "report-foot" }, commit, h("p", {}, t("report.commit_hint")), this.whole());
  }

  /** The report's own page, where columns are corrected and proposals accepted. */
  private whole(): HTMLElement {
    return h("p", {}, h("a", { href: reportPage(this.report.id) }, t("report.whole")));
  }
}
