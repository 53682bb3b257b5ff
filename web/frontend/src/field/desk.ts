/** What the page knows at the moment, and the acts of its screens. */

import { language } from "../texts";
import { asProblem, problemOf } from "../problem";
import { deviceName, readSession, Sender, type Outcome } from "./sending";
import * as shelf from "./shelf";
import type { Bundle, Shelf, TakenRound } from "./shelf";
import { isWaiting, type Photo, type Visit } from "./visits";

const ACCOUNT = "ovoo-field-account";
const SIGNED_OUT = "ovoo_signed_out=1";
const SYNC = "ovoo-field-send";
/** How the connection and the account stand. */
type Standing = "online" | "offline" | "expired" | "forbidden";

interface OfferedRound {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly due_on: string | null;
}

export class Desk {
  account: string | null = null;
  standing: Standing = "offline";
  divisions: readonly string[] = [];
  largestPhoto = 50_000_000;
  rounds: TakenRound[] = [];
  visits: Visit[] = [];
  photos: Photo[] = [];
  others = 0;
  theme = "";
  private readonly sender: Sender;
  private timer = 0;

  constructor(private readonly changed: () => void) {
    this.sender = new Sender(shelf, deviceName(), () => this.account);
    this.account = document.cookie.includes(SIGNED_OUT) ? null : localStorage.getItem(ACCOUNT);
  }

  /** Read what this account keeps here: all of it, or the part that has changed. */
  async read(part: Shelf | null = null): Promise<void> {
    const { account } = this;
    const wanted = (name: Shelf): boolean => part === null || part === name;
    if (wanted("rounds")) this.rounds = account === null ? [] : await shelf.roundsOf(account);
    if (wanted("photos")) this.photos = account === null ? [] : await shelf.photosOf(account);
    if (wanted("visits")) {
      const visits = account === null ? [] : await shelf.visitsOf(account);
      this.visits = visits.sort((a, b) => b.created_at.localeCompare(a.created_at));
      this.others = await shelf.waitingOfOthers(account);
    }
    this.changed();
  }

  /** Ask the server who is signed in; what another account keeps here is not shown to this one. */
  async recognise(): Promise<void> {
    const found = navigator.onLine ? await readSession() : ({ kind: "offline" } as const);
    if ("account" in found) {
      this.account = found.account;
      localStorage.setItem(ACCOUNT, found.account);
      this.divisions = found.divisions;
      this.largestPhoto = found.largest_photo_bytes;
      this.theme = found.theme;
      this.standing = "online";
    } else {
      this.stand(found);
    }
    await this.read();
  }

  private stand(outcome: Outcome): void {
    if (outcome.kind === "done" || outcome.kind === "later") this.standing = "online";
    else if (outcome.kind === "signed_out") this.standing = "expired";
    else this.standing = outcome.kind;
    // Who has signed out is not known here any more; whose session has only run out still is.
    if (document.cookie.includes(SIGNED_OUT) || outcome.kind === "forbidden") {
      localStorage.removeItem(ACCOUNT);
      this.account = null;
    }
  }

  /** Whether anything of this account is to be sent. */
  get waits(): boolean {
    const photos = this.photos.some((one) => one.state === "kept" || one.state === "sending");
    return photos || this.visits.some(isWaiting);
  }

  /** Send what waits; tried again by itself where the server asks for time. */
  async send(): Promise<Outcome> {
    window.clearTimeout(this.timer);
    const outcome = await this.sender.send();
    this.stand(outcome);
    if (outcome.kind === "later") {
      this.timer = window.setTimeout(() => void this.send(), outcome.seconds * 1000);
    }
    await this.read();
    return outcome;
  }

  /** Send now; where that fails let the browser do it once there is a network, even with the page closed. */
  async sendSoon(): Promise<void> {
    const outcome = await this.send();
    if (outcome.kind !== "offline" && outcome.kind !== "later") return;
    if (!("serviceWorker" in navigator)) return;
    const ready = await navigator.serviceWorker.ready;
    const { sync } = ready as { sync?: { register(tag: string): Promise<void> } };
    // Not every browser lets pages do this; then the page sends when it is next open.
    await sync?.register(SYNC).catch(() => undefined);
  }

  /** The rounds that this account may take along. Throws `Problem`. */
  async offered(): Promise<OfferedRound[]> {
    const { rounds } = await this.ask<{ rounds: OfferedRound[] }>("/rounds");
    return rounds.filter((one) => one.state === "planned" || one.state === "field");
  }

  /** Take a round along, or take it anew. Throws `Problem`. */
  async take(id: number): Promise<void> {
    if (this.account === null) await this.recognise();
    const bundle = await this.ask<Bundle>(`/rounds/${String(id)}/field.json`);
    if (this.account === null) return;
    await shelf.keepRound({ account: this.account, id, bundle });
    await this.read();
    // Firefox asks its user, and answers only once the user did: the round is shown at once.
    navigator.storage?.persist?.().then(() => this.read(), () => undefined);
  }

  private async ask<T>(url: string): Promise<T> {
    const headers = { Accept: "application/json", "Accept-Language": language() === "en" ? "en" : "zh-CN" };
    try {
      const response = await fetch(url, { headers, cache: "no-store" });
      if (!response.ok) throw await problemOf(response);
      return (await response.json()) as T;
    } catch (error) {
      throw asProblem(error);
    }
  }
}
