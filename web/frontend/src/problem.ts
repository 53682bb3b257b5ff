/** What went wrong with a request, in words: RFC 9457 problems and everything that is not one. */

import { h } from "./dom";
import { langQuery, sentence, t } from "./texts";

interface ProblemItem {
  row?: number | null;
  column?: string | null;
  field?: string | null;
  value?: unknown;
  message?: string;
  rule?: string;
  hint?: string;
  way_out?: string;
  zh?: string;
  en?: string;
}

interface ProblemDocument {
  title?: string;
  detail?: string;
  zh?: string;
  en?: string;
  errors?: ProblemItem[];
  submission?: number;
}

/** A refusal that can be shown: a heading, a sentence and the single faults. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    readonly items: readonly string[] = [],
    readonly status: number = 0,
    /** The submission whose file was refused; its page tells more. */
    readonly submission: number | null = null,
  ) {
    super(`${title} ${detail}`.trim());
    this.name = "Problem";
  }
}

const KNOWN = new Set([400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503]);

function words(status: number): string {
  return t(KNOWN.has(status) ? `problem.${status}` : "problem.other", { status });
}

function itemText(item: ProblemItem): string {
  const row = item.row == null ? "" : t("problem.row", { row: item.row });
  const place = [row, item.column ?? item.field ?? ""].filter((part) => part !== "").join(" · ");
  const said = sentence(item) || [item.message ?? item.rule, item.hint ?? item.way_out]
    .filter((part): part is string => !!part)
    .join(" ");
  return place && said ? `${place}: ${said}` : place || said;
}

/** The problem in a refused response, whatever its body is. */
export async function problemOf(response: Response): Promise<Problem> {
  const fallback = new Problem(words(response.status), "", [], response.status);
  if (!(response.headers.get("content-type") ?? "").includes("json")) return fallback;
  let body: ProblemDocument;
  try {
    body = (await response.json()) as ProblemDocument;
  } catch {
    return fallback; // a body cut short says no more than its status
  }
  const items = (body.errors ?? []).map(itemText).filter((text) => text !== "");
  const detail = sentence(body) || body.detail || "";
  return new Problem(body.title || fallback.title, detail, items, response.status, body.submission ?? null);
}

/** Any thrown thing as a problem; a fetch that never got an answer is a lost connection. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return new Problem(t("problem.network"), t("problem.network_hint"));
  return new Problem(t("problem.unexpected"), error instanceof Error ? error.message : String(error));
}

/** A problem as the page shows it; the report of a refused file is offered. */
export function problemBox(problem: Problem): HTMLElement {
  const { submission } = problem;
  const report = submission === null ? null
    : h("p", {}, h("a", { href: `/submissions/${String(submission)}${langQuery()}#column-choice` },
      t("upload.refused_report")));
  return h("div", { class: "problem", role: "alert" },
    h("h3", {}, problem.title),
    problem.detail === "" ? null : h("p", {}, problem.detail),
    problem.items.length === 0 ? null : h("ul", {}, ...problem.items.map((text) => h("li", {}, text))),
    report);
}
