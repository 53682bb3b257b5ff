/**
 * Sending what waits, one after another, by a page or by its service worker.
 *
 * A visit's first body is kept and sent to the letter until the server has answered: the server
 * knows it by its `client_id`, so that a reply that was lost on the way never makes a second one.
 */

import { bodyOf, isWaiting, refusalOf, type Photo, type Receipt, type Refusal, type Visit } from "./visits";

interface Session {
  readonly account: string;
  readonly csrf_token: string | null;
  readonly divisions: readonly string[];
  readonly theme: string;
  readonly version: string;
  readonly largest_photo_bytes: number;
}

/** What sending needs of the shelf; see `shelf.ts`. */
export interface Keeper {
  visitsOf(account: string): Promise<Visit[]>;
  photosOf(account: string): Promise<Photo[]>;
  keepVisit(visit: Visit): Promise<void>;
  changeVisit(id: string, change: (visit: Visit) => Visit | null): Promise<Visit | undefined>;
  keepPhoto(photo: Photo): Promise<void>;
  pictureOf(id: string): Promise<ArrayBuffer | undefined>;
  dropPicture(id: string): Promise<void>;
}

/** How it ended: everything is answered; no network; nobody is signed in; asked to wait. */
export type Outcome =
  | { readonly kind: "done" | "offline" | "signed_out" | "forbidden" }
  | { readonly kind: "later"; readonly seconds: number };

const LATER_S = 30;
/** Answers that say nothing of the visit itself. */
const FOR_NOW = new Set([408, 425, 429]);

class Stop extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.kind);
  }
}

function stop(kind: "offline" | "signed_out" | "forbidden"): never {
  throw new Stop({ kind });
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...init });
  } catch {
    return stop("offline"); // a network that leads elsewhere (a sign-in page of a hotspot) is none
  }
}

/** The JSON of an answer; an answer that is none came from something between. */
async function json(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return stop("offline");
  }
}

/** Who is signed in, from the server. */
export async function readSession(): Promise<Session | Outcome> {
  try {
    return await session();
  } catch (error) {
    if (error instanceof Stop) return error.outcome;
    throw error;
  }
}

async function session(): Promise<Session> {
  const response = await ask("/field/session", { headers: { Accept: "application/json" } });
  if (response.status === 401) stop("signed_out");
  if (response.status === 403) stop("forbidden");
  if (!response.ok) wait(response);
  const found = (await json(response)) as Partial<Session>;
  return typeof found.account === "string" ? (found as Session) : stop("offline");
}

function wait(response: Response): never {
  const seconds = Number(response.headers.get("Retry-After") ?? LATER_S);
  throw new Stop({ kind: "later", seconds: seconds > 0 ? Math.min(seconds, 600) : LATER_S });
}

/** Go on only with an answer that decides: of the thing itself, not of this moment. */
function decided(response: Response): void {
  if (response.status === 401) stop("signed_out");
  if (response.status >= 500 || FOR_NOW.has(response.status)) wait(response);
}

export class Sender {
  private running: Promise<Outcome> | null = null;

  constructor(
    private readonly keeper: Keeper,
    private readonly device: string,
    private readonly account: () => string | null,
  ) {}

  /** Send all that waits; a call while another runs gets that one's outcome. */
  send(): Promise<Outcome> {
    this.running ??= this.alone().finally(() => { this.running = null; });
    return this.running;
  }

  /** Only one page or worker of this browser sends at a time. */
  private alone(): Promise<Outcome> {
    const { locks } = navigator as { locks?: LockManager | null };
    if (!locks) return this.run(); // a page that is not served safely has none
    return locks.request("ovoo-field-sending", () => this.run());
  }

  private async run(): Promise<Outcome> {
    try {
      const now = await session();
      const wanted = this.account();
      if (wanted !== null && wanted !== now.account) return { kind: "signed_out" };
      for (const visit of await this.waiting(now.account)) await this.sendVisit(visit, now);
      await this.sendPhotos(now);
      return { kind: "done" };
    } catch (error) {
      if (error instanceof Stop) return error.outcome;
      throw error;
    }
  }

  private async waiting(account: string): Promise<Visit[]> {
    const visits = await this.keeper.visitsOf(account);
    return visits.filter(isWaiting).sort((a, b) => a.created_at.localeCompare(b.created_at));
  }

  private async sendVisit(listed: Visit, now: Session): Promise<void> {
    const photos = (await this.keeper.photosOf(listed.account)).filter((p) => p.client_id === listed.client_id);
    const names = photos.map((one) => one.name);
    // It may have been taken back while others were being sent.
    const visit = await this.keeper.changeVisit(listed.client_id, (one) => !isWaiting(one) ? null
      : { ...one, state: "sending", attempts: one.attempts + 1, body: one.body ?? bodyOf(one, names, this.device) });
    if (visit === undefined) return;
    try {
      const response = await ask("/field/inspections", {
        method: "POST",
        headers: { ...heads(now, visit.lang), "Content-Type": "application/json" },
        body: visit.body,
      });
      decided(response);
      const said = await json(response);
      if (response.ok) this.accept(visit, said);
      else this.refuse(visit, refusalOf(response.status, said), response);
    } catch (error) {
      visit.state = "waiting";
      throw error;
    } finally {
      await this.keeper.keepVisit(visit);
    }
  }

  private accept(visit: Visit, said: unknown): void {
    const receipt = said as Partial<Receipt & { client_id: string }>;
    if (receipt.client_id !== visit.client_id || receipt.submission === undefined) stop("offline");
    Object.assign(visit, { state: "sent", receipt, refusal: null });
  }

  /** Nothing of it was kept: it may be changed and sent again under its number. */
  private refuse(visit: Visit, refusal: Refusal, response: Response): void {
    if (refusal.field === "csrf_token") wait(response); // the session is another since it was asked for
    Object.assign(visit, { state: "refused", refusal, body: null, attempts: 0 });
  }

  /** The photographs of visits that the server has. */
  private async sendPhotos(now: Session): Promise<void> {
    const visits = new Map((await this.keeper.visitsOf(now.account)).map((one) => [one.client_id, one]));
    for (const photo of await this.keeper.photosOf(now.account)) {
      const visit = visits.get(photo.client_id);
      if (visit?.state !== "sent") continue;
      if (photo.state === "kept" || photo.state === "sending") await this.sendPhoto(photo, visit, now);
    }
  }

  private async sendPhoto(photo: Photo, visit: Visit, now: Session): Promise<void> {
    const bytes = await this.keeper.pictureOf(photo.id);
    if (bytes === undefined) return; // taken out of the queue in between
    const body = new FormData();
    body.append("file", new Blob([bytes], { type: photo.type }), photo.name);
    body.append("claimed_on", visit.form.observed.slice(0, 10));
    body.append("client_id", photo.client_id);
    const url = `/markers/${String(photo.marker_id)}/photos`;
    const response = await ask(url, { method: "POST", headers: heads(now, visit.lang), body });
    decided(response);
    const said = await json(response);
    if (response.ok) photo.state = "sent";
    else Object.assign(photo, { state: "refused", refusal: refusalOf(response.status, said) });
    await this.keeper.keepPhoto(photo);
    if (response.ok) await this.keeper.dropPicture(photo.id);
  }
}

/** What the device calls itself: enough to tell which of them was wrong. */
export function deviceName(): string {
  const inside = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1];
  return (inside ?? navigator.userAgent).slice(0, 120);
}

function heads(now: Session, lang: string): Record<string, string> {
  return {
    Accept: "application/json, application/problem+json",
    "Accept-Language": lang === "en" ? "en" : "zh-CN",
    ...(now.csrf_token === null ? {} : { "X-CSRF-Token": now.csrf_token }),
  };
}
