/**
 * A large file in parts (tus 1.0.0): a lost connection costs one part, and a file chosen again after a reload goes on
 * where it was.
 */

import { request } from "./http";
import { problemOf } from "./problem";

/** Files up to this size are sent at once. */
export const AT_ONCE = 1_000_000;
const PART = 1_000_000;
const KEPT = "ovoo-upload:";
const DAY_MS = 86_400_000;
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000];
const TUS = { "Tus-Resumable": "1.0.0" };

interface Watcher {
  /** How many bytes have come, of how many. */
  progress(sent: number, size: number): void;
  /** The connection is lost; it is tried again. */
  lost(): void;
}

/** What was being sent when the page was left, by the name of its file; the server keeps it for a day. */
export function unfinished(): string[] {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
  const [old, fresh] = [true, false].map((gone) => keys.filter((key) => (addressIn(key) === null) === gone));
  for (const key of old ?? []) localStorage.removeItem(key);
  return (fresh ?? []).map((key) => key.slice(KEPT.length).split("\n")[0] ?? "");
}

/** The path that is kept under a key; null where none is, or it is more than a day old. */
function addressIn(key: string): string | null {
  const [begun, path] = (localStorage.getItem(key) ?? "").split(" ");
  return path !== undefined && Date.now() - Number(begun) < DAY_MS ? path : null;
}

function keyOf(file: File): string {
  return `${KEPT}${[file.name, String(file.size), String(file.lastModified)].join("\n")}`;
}

/** Forget where a file was going: it has been handed in. */
export function forget(file: File): void {
  localStorage.removeItem(keyOf(file));
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Resolves after a while, or as soon as the browser is online again; rejects when it is given up. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", () => {
      done();
      reject(new DOMException("given up", "AbortError"));
    });
  });
}

class Sending {
  private tries = 0;

  constructor(
    private readonly file: File,
    private readonly signal: AbortSignal,
    private readonly watcher: Watcher,
  ) {}

  /** Send what is missing; the path of the upload. */
  async run(): Promise<string> {
    for (;;) {
      try {
        const path = addressIn(keyOf(this.file)) ?? (await this.begin());
        if (await this.go(path)) return path;
      } catch (error) {
        if (!(error instanceof TypeError) || this.signal.aborted) throw error;
        await this.wait(error);
      }
    }
  }

  private async wait(error: unknown): Promise<void> {
    const ms = WAITS_MS[this.tries];
    this.tries += 1;
    if (ms === undefined) throw error;
    this.watcher.lost();
    await pause(ms, this.signal);
  }

  private async begin(): Promise<string> {
    const answer = await request("/uploads", { method: "POST", signal: this.signal }, {
      ...TUS,
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": `filename ${base64(this.file.name)}`,
    });
    if (!answer.ok) throw await this.refusal(answer);
    const path = new URL(answer.headers.get("Location") ?? "", window.location.href).pathname;
    localStorage.setItem(keyOf(this.file), `${String(Date.now())} ${path}`);
    return path;
  }

  /** Ask how far it has come and send part after part; false where the upload is gone. */
  private async go(path: string): Promise<boolean> {
    const known = await request(path, { method: "HEAD", signal: this.signal }, TUS);
    if (known.status === 404) {
      forget(this.file);
      return false;
    }
    if (!known.ok) throw await this.refusal(known);
    let sent = Number(known.headers.get("Upload-Offset"));
    this.watcher.progress(sent, this.file.size);
    while (sent < this.file.size) {
      const body = this.file.slice(sent, sent + PART);
      const answer = await request(path, { method: "PATCH", body, signal: this.signal }, {
        ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(sent),
      });
      if (!answer.ok) throw await this.refusal(answer);
      sent = Number(answer.headers.get("Upload-Offset"));
      this.tries = 0;
      this.watcher.progress(sent, this.file.size);
    }
    return true;
  }

  /**
   * A server that is busy or restarting is tried again like a lost connection; so is a part that does not fit, since
   * the next try asks how far the file is.
   */
  private async refusal(answer: Response): Promise<Error> {
    const unfit = answer.url.includes("/uploads/") && (answer.status === 409 || answer.status === 404);
    const passing = unfit || answer.status === 429 || answer.status >= 500;
    return passing ? new TypeError(String(answer.status)) : problemOf(answer);
  }
}

/** Send a file in parts and go on after every loss; the secret by which it is handed in. */
export async function sendInParts(file: File, signal: AbortSignal, watcher: Watcher): Promise<string> {
  const path = await new Sending(file, signal, watcher).run();
  return path.slice(path.lastIndexOf("/") + 1);
}
