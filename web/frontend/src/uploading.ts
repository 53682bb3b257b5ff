/** The page to send files on: drop or choose, watch it go, be led to the report. */

import { byId, h } from "./dom";
import { Busy, handIn, size } from "./handing";
import { unfinished } from "./parts";
import { asProblem, problemBox, type Problem } from "./problem";
import { reportPage } from "./report";
import { t } from "./texts";

export class UploadPage {
  private readonly section = byId("inspection", HTMLElement);
  private readonly form = byId("upload", HTMLFormElement);
  private readonly file = byId("file", HTMLInputElement);
  private readonly status = byId("upload-status", HTMLElement);
  private abort: AbortController | null = null;

  /** Where a report is shown; a test gives another. */
  constructor(private readonly lead: (address: string) => void) {
    this.listen();
    const [name] = unfinished();
    if (name !== undefined) this.status.append(h("p", {}, t("upload.unfinished", { name })));
  }

  private listen(): void {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.file.files?.[0]);
    });
    this.section.addEventListener("dragover", () => { this.section.classList.add("over"); });
    for (const type of ["dragleave", "drop"]) {
      this.section.addEventListener(type, () => { this.section.classList.remove("over"); });
    }
    this.section.addEventListener("drop", (event) => { this.take([...(event.dataTransfer?.files ?? [])]); });
    // A file dropped beside the area would otherwise replace the page.
    for (const type of ["dragover", "drop"]) {
      document.addEventListener(type, (event) => { event.preventDefault(); });
    }
  }

  /** Photographs go to their form, which sends them all; of anything else the first file counts. */
  private take(files: readonly File[]): void {
    const pictures = files.filter((file) => file.type.startsWith("image/"));
    const form = document.getElementById("photos");
    const field = document.getElementById("photo-files");
    if (pictures.length === 0 || !(form instanceof HTMLFormElement) || !(field instanceof HTMLInputElement)) {
      this.send(files[0]);
      return;
    }
    const transfer = new DataTransfer();
    for (const file of pictures) transfer.items.add(file);
    field.files = transfer.files;
    form.requestSubmit();
  }

  private send(file: File | undefined): void {
    if (file === undefined) {
      this.status.textContent = t("upload.choose_first");
      return;
    }
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const doing = t("upload.sending", { name: file.name, size: size(file.size) });
    const busy = new Busy(this.status, doing, () => {
      abort.abort();
      this.status.replaceChildren();
    });
    handIn(file, abort.signal, busy).then(
      (report) => { this.open(report.id); },
      (error: unknown) => { if (!abort.signal.aborted) this.fail(asProblem(error), file); },
    );
  }

  /** A refused file has a report too: its columns can be named there. */
  private fail(problem: Problem, file: File): void {
    if (problem.submission !== null) {
      this.open(problem.submission);
      return;
    }
    const again = h("button", { type: "button" }, t("upload.again"));
    again.addEventListener("click", () => { this.send(file); });
    this.status.replaceChildren(problemBox(problem), again);
  }

  private open(id: number): void {
    this.lead(reportPage(id));
  }
}
