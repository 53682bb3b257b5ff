/** The page for the field: starts its worker, knows who works here, shows one screen at a time. */

import { byId, h } from "./dom";
import { Desk } from "./field/desk";
import { beginVisit, visitScreen } from "./field/form";
import { homeScreen, takeRound, type Ways } from "./field/home";
import { roundScreen } from "./field/round";
import { onChange } from "./field/shelf";
import { langQuery, readTexts, t } from "./texts";
import type { Marker, TakenRound } from "./field/shelf";
import type { Visit } from "./field/visits";

const ROUND = /^#\/r\/(\d+)$/;
const MARKER = /^#\/r\/(\d+)\/m\/(\d+)$/;
const VISIT = /^#\/v\/([0-9a-f-]+)$/;
const TAKE = /^#\/take\/(\d+)$/;
const OFTEN_MS = 60_000;
const STILL_MS = 2_000;

class FieldPage {
  private readonly desk = new Desk(() => { this.refresh(); });
  private readonly screen = byId("field", HTMLElement);
  private readonly heading = byId("field-title", HTMLElement);
  private readonly said = byId("field-said", HTMLElement);
  private readonly standing = byId("field-standing", HTMLElement);
  private readonly notices = byId("field-notices", HTMLElement);
  private readonly ways: Ways = {
    say: (text) => {
      this.said.textContent = text;
      this.saidAt = Date.now();
    },
    go: (hash) => { if (window.location.hash === hash) this.show(); else window.location.hash = hash; },
  };
  private saidAt = 0;
  /** The visit whose form is open: it is not drawn anew while it is being filled in. */
  private open: { id: string; state: string; account: string } | null = null;

  async start(): Promise<void> {
    window.addEventListener("hashchange", () => { this.arrive(); });
    window.addEventListener("online", () => void this.connect());
    window.addEventListener("offline", () => void this.desk.recognise());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.connect();
    });
    onChange((name) => {
      if (name !== "pictures") void this.desk.read(name);
    });
    window.setInterval(() => {
      // A page that lies open must not keep a session from ending.
      if (this.desk.standing !== "online" || this.desk.waits) void this.connect();
    }, OFTEN_MS);
    window.addEventListener("unhandledrejection", (event) => { this.fail(event.reason); });
    try {
      await this.desk.read();
    } catch (error) {
      this.fail(error); // a browser that keeps nothing, in a private window say
      return;
    }
    this.arrive();
    await Promise.all([this.connect(), this.prepare()]);
  }

  /** What could not be done is said: nobody may believe to be kept what is not. */
  private fail(reason: unknown): void {
    const why = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    this.notices.append(h("p", { class: "notice tone-bad", role: "alert" }, t("field.not_kept", { why })));
    this.notices.scrollIntoView({ block: "nearest" });
  }

  /** Recognise who is here and send what waits. */
  private async connect(): Promise<void> {
    await this.desk.recognise();
    this.dress();
    if (this.desk.standing === "online" && this.desk.account !== null) await this.desk.send();
  }

  /** Let the page be opened without a network. */
  private async prepare(): Promise<void> {
    const told = byId("field-ready", HTMLElement);
    if (!("serviceWorker" in navigator)) {
      told.textContent = t("field.ready_never");
      return;
    }
    try {
      await navigator.serviceWorker.register("/field/worker.js", { scope: "/field", updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      told.textContent = t("field.ready");
    } catch {
      // Without a network the worker that is there goes on; only a page that has none is told so.
      const there = await navigator.serviceWorker.getRegistration("/field");
      told.textContent = there?.active ? t("field.ready") : t("field.ready_not");
    }
  }

  /** The theme that the reader chose for the other pages. */
  private dress(): void {
    const { theme } = this.desk;
    if (theme === "") return;
    document.documentElement.dataset["theme"] = theme;
    const dark = byId("field-dark", HTMLLinkElement);
    dark.media = theme === "dark" ? "screen" : theme === "light" ? "not all" : "screen and (prefers-color-scheme: dark)";
    const scheme = document.querySelector<HTMLMetaElement>('meta[name="color-scheme"]');
    if (scheme !== null) scheme.content = theme === "auto" ? "light dark" : theme;
  }

  private arrive(): void {
    this.open = null;
    // What was said of the screen before is not said of this one; what led here still is.
    if (Date.now() - this.saidAt > STILL_MS) this.said.textContent = "";
    this.show();
    window.scrollTo(0, 0);
    this.heading.focus({ preventScroll: true });
  }

  private refresh(): void {
    this.stand();
    if (this.open !== null) {
      const now = this.desk.visits.find((one) => one.client_id === this.open?.id);
      const editing = now === undefined || now.state === "draft" || now.state === this.open.state;
      if (editing && this.open.account === this.desk.account) return;
      this.open = null;
    }
    // What is being done by keyboard stays where it is.
    const focused = document.activeElement?.id ?? "";
    this.show();
    if (focused !== "") document.getElementById(focused)?.focus({ preventScroll: true });
  }

  private stand(): void {
    const { standing, account } = this.desk;
    const tone = standing === "online" ? "good" : standing === "offline" ? "quiet" : "warn";
    this.standing.className = `badge tone-${tone}`;
    this.standing.textContent = standing === "online" ? t("field.online", { account: account ?? "" })
      : standing === "offline" ? t("field.offline") : t("field.signed_out");
    const lines: HTMLElement[] = [];
    if (standing === "expired") lines.push(this.signIn(account === null ? t("field.sign_in_first") : t("field.sign_in_again", { account })));
    if (standing === "forbidden") lines.push(h("p", { class: "notice tone-warn" }, t("field.forbidden")));
    if (standing === "offline" && account === null) lines.push(h("p", { class: "notice tone-info" }, t("field.nobody")));
    this.notices.replaceChildren(...lines);
  }

  private signIn(text: string): HTMLElement {
    const address = `/sign-in?back=/field${langQuery("&")}`;
    return h("p", { class: "notice tone-warn" }, text, " ", h("a", { href: address }, t("field.sign_in")));
  }

  private show(): void {
    const { hash } = window.location;
    const take = TAKE.exec(hash);
    if (take !== null) {
      history.replaceState(null, "", "#/");
      takeRound(this.desk, this.ways, Number(take[1]), t("field.round", { id: take[1] ?? "" }));
    }
    const screen = this.roundAt(hash) ?? this.markerAt(hash) ?? this.visitAt(hash);
    if (screen === null) this.put(t("field.title"), homeScreen(this.desk, this.ways));
  }

  private put(title: string, element: HTMLElement): HTMLElement {
    this.heading.textContent = title;
    document.title = `${title} · ${t("field.app")}`;
    this.screen.replaceChildren(element);
    return element;
  }

  private roundOf(id: number): TakenRound | undefined {
    return this.desk.rounds.find((one) => one.id === id);
  }

  private roundAt(hash: string): HTMLElement | null {
    const found = ROUND.exec(hash);
    const round = found === null ? undefined : this.roundOf(Number(found[1]));
    return round === undefined ? null : this.put(round.bundle.round.name, roundScreen(round, this.desk));
  }

  private markerAt(hash: string): HTMLElement | null {
    const found = MARKER.exec(hash);
    const round = found === null ? undefined : this.roundOf(Number(found[1]));
    const marker = round?.bundle.markers.find((one) => one.id === Number(found?.[2]));
    if (round === undefined || marker === undefined) return null;
    const visits = this.desk.visits
      .filter((one) => one.round_id === round.id && one.marker_id === marker.id)
      .sort((a, b) => b.created_at.localeCompare(a.created_at));
    return this.visitOf(round, marker, visits[0] ?? beginVisit(this.desk, round, marker));
  }

  private visitAt(hash: string): HTMLElement | null {
    const id = VISIT.exec(hash)?.[1];
    const visit = this.desk.visits.find((one) => one.client_id === id);
    const round = visit === undefined ? undefined : this.roundOf(visit.round_id);
    if (visit === undefined || round === undefined) return null;
    return this.visitOf(round, markerOf(round, visit), visit);
  }

  private visitOf(round: TakenRound, marker: Marker, visit: Visit): HTMLElement {
    this.open = { id: visit.client_id, state: visit.state, account: visit.account };
    return this.put(marker.marker_no, visitScreen(this.desk, this.ways, round, marker, visit));
  }
}

/** The marker of a visit; by what the visit knows of it where the round no longer has it. */
function markerOf(round: TakenRound, visit: Visit): Marker {
  return round.bundle.markers.find((one) => one.id === visit.marker_id) ?? {
    id: visit.marker_id, marker_no: visit.marker_no, stop: null, line_name: null, kind: null, material: null,
    location: null, position_description: null, remark: null, lon: null, lat: null, tolerance_m: null,
    condition: null, verdict: null, inspected_on: null, ties: [], seen_by: [],
  };
}

readTexts(byId("texts", HTMLElement));
void new FieldPage().start();
