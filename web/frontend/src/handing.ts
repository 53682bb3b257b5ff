/** Handing in a file: at once where it is small, in parts where it is large, with its progress. */

import { h } from "./dom";
import { requestJson } from "./http";
import { AT_ONCE, forget, sendInParts } from "./parts";
import { Problem } from "./problem";
import { t } from "./texts";
import type { Report } from "./types";

export function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3).toString()} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What is being done, with a bar and a way to stop it. */
export class Busy {
  private readonly words = h("p");
  private readonly bar = h("progress");

  constructor(place: HTMLElement, doing: string, cancel: () => void) {
    const stop = h("button", { type: "button", class: "plain" }, t("upload.cancel"));
    stop.addEventListener("click", cancel);
    this.say(doing);
    place.replaceChildren(this.words, this.bar, stop);
  }

  say(doing: string): void {
    this.words.textContent = doing;
    this.bar.setAttribute("aria-label", doing);
  }

  progress(done: number, of: number): void {
    this.bar.max = of;
    this.bar.value = done;
  }
}

/** Send a file for its preview. Throws `Problem`, or what `fetch` throws. */
export async function handIn(file: File, signal: AbortSignal, busy: Busy): Promise<Report> {
  const sending = t("upload.sending", { name: file.name, size: size(file.size) });
  if (file.size <= AT_ONCE) {
    const body = new FormData();
    body.append("file", file);
    return requestJson<Report>("/submissions", { method: "POST", body, signal });
  }
  const secret = await sendInParts(file, signal, {
    progress: (done, of) => {
      busy.say(done < of ? sending : t("upload.checking", { name: file.name }));
      busy.progress(done, of);
    },
    lost: () => { busy.say(t("upload.lost", { name: file.name })); },
  });
  try {
    const report = await requestJson<Report>(`/submissions?upload=${secret}`, { method: "POST", signal });
    forget(file);
    return report;
  } catch (error) {
    if (error instanceof Problem && error.submission !== null) forget(file); // it was read, and refused
    throw error;
  }
}
