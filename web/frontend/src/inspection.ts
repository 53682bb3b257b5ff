/** Handing in an inspection file: drop or choose, preview, commit. */

import { recall, remember } from "./address";
import { Busy, handIn, size } from "./handing";
import { requestJson } from "./http";
import { asProblem, problemBox, type Problem } from "./problem";
import { ReportView } from "./report";
import { t } from "./texts";
import type { Report, Result } from "./types";

export interface InspectionParts {
  readonly section: HTMLElement;
  readonly form: HTMLFormElement;
  readonly file: HTMLInputElement;
  readonly status: HTMLElement;
  readonly output: HTMLElement;
}

/** What the rest of the page does with a report. */
export interface ReportStage {
  show(results: readonly Result[]): void;
  filter(verdicts: ReadonlySet<string>): void;
  choose(result: Result): void;
  /** The results have become inspections. */
  committed(): void;
}

export class Inspection {
  private view: ReportView | null = null;
  private abort: AbortController | null = null;

  constructor(
    private readonly parts: InspectionParts,
    private readonly stage: ReportStage,
  ) {
    this.listen();
    const kept = recall("submission");
    if (/^\d+$/.test(kept)) void this.run(t("upload.reading"), (signal) => requestJson(`/submissions/${kept}`, { signal }));
  }

  /** Mark the row of a result chosen on the map. */
  mark(result: Result): void {
    this.view?.mark(result.row);
  }

  private listen(): void {
    const { form, file, section } = this.parts;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(file.files?.[0]);
    });
    file.addEventListener("change", () => { this.send(file.files?.[0]); });
    section.addEventListener("dragover", (event) => {
      event.preventDefault();
      section.classList.add("over");
    });
    section.addEventListener("dragleave", () => { section.classList.remove("over"); });
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      section.classList.remove("over");
      this.send(event.dataTransfer?.files[0]);
    });
    // A file dropped beside the area would otherwise replace the page.
    for (const type of ["dragover", "drop"]) {
      document.addEventListener(type, (event) => { event.preventDefault(); });
    }
  }

  private send(file: File | undefined): void {
    if (file === undefined) {
      this.parts.status.textContent = t("upload.choose_first");
      return;
    }
    const doing = t("upload.sending", { name: file.name, size: size(file.size) });
    void this.run(doing, (signal, busy) => handIn(file, signal, busy));
    this.parts.form.reset(); // so that the same file can be chosen again after it was mended
  }

  private commit(id: number): void {
    const url = `/submissions/${String(id)}/commit`;
    const commit = (signal: AbortSignal): Promise<Report> => requestJson(url, { method: "POST", signal });
    void this.run(t("upload.committing"), commit).then((done) => {
      if (done) this.stage.committed();
    });
  }

  /** One request for a report: whether it came. When it fails the report shown stays as it was. */
  private async run(doing: string, ask: (signal: AbortSignal, busy: Busy) => Promise<Report>): Promise<boolean> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const busy = new Busy(this.parts.status, doing, () => {
      abort.abort();
      this.parts.status.replaceChildren();
    });
    this.parts.output.setAttribute("aria-busy", "true");
    try {
      this.show(await ask(abort.signal, busy));
      return true;
    } catch (error) {
      if (!abort.signal.aborted) this.fail(asProblem(error));
      return false;
    }
  }

  private fail(problem: Problem): void {
    this.parts.output.removeAttribute("aria-busy");
    this.parts.status.replaceChildren(problemBox(problem));
    this.parts.status.scrollIntoView({ block: "nearest" });
    for (const button of this.parts.output.querySelectorAll("button")) button.disabled = false;
  }

  private show(report: Report): void {
    const view = new ReportView(report, {
      choose: (result) => { this.stage.choose(result); },
      filter: (verdicts) => { this.stage.filter(verdicts); },
      commit: () => { this.commit(report.id); },
      close: () => { this.close(); },
    });
    this.view = view;
    this.parts.status.replaceChildren();
    this.parts.output.removeAttribute("aria-busy");
    this.parts.output.replaceChildren(view.element);
    document.body.classList.add("has-report");
    remember("submission", String(report.id));
    this.stage.filter(new Set());
    this.stage.show(report.results);
    view.element.scrollIntoView({ block: "start" });
    view.element.querySelector("h2")?.focus({ preventScroll: true });
  }

  private close(): void {
    this.view = null;
    this.parts.output.replaceChildren();
    document.body.classList.remove("has-report");
    remember("submission", "");
    this.stage.show([]);
  }
}
