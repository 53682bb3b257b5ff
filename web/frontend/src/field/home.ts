/** The first screen: rounds taken along, what waits, what else can be taken, what is kept here. */

import { h } from "../dom";
import { asProblem } from "../problem";
import { sentence, t } from "../texts";
import type { Desk } from "./desk";
import { button, bytes, confirmed, moment, receiptBox, stateBadge } from "./parts";
import { dropRound, dropVisit, forgetAll, type TakenRound } from "./shelf";
import { counted, lastVisits, unsent, type Visit } from "./visits";

export interface Ways {
  /** Say something to who hears as well as to who sees. */
  say(text: string): void;
  go(hash: string): void;
}

export function homeScreen(desk: Desk, ways: Ways): HTMLElement {
  return h("div", { class: "field-home" },
    queueSection(desk, ways), takenSection(desk, ways), offeredSection(desk, ways), keptSection(desk, ways));
}

function queueSection(desk: Desk, ways: Ways): HTMLElement | null {
  if (desk.account === null) return null;
  const count = counted(desk.visits);
  const photos = desk.photos.filter((one) => one.state === "kept" || one.state === "sending").length;
  const waiting = count.waiting + count.sending;
  const send = button(t("field.send", { count: waiting }), () => {
    ways.say(t("field.sending"));
    void desk.send().then((outcome) => {
      const left = counted(desk.visits);
      if (outcome.kind !== "done") ways.say(t("field.not_sent"));
      else ways.say(left.refused > 0 ? t("field.some_refused", { count: left.refused }) : t("field.all_sent"));
    });
  }, "primary");
  send.disabled = waiting === 0 && photos === 0;
  const listed = desk.visits.filter((one) => one.state !== "sent");
  const sent = desk.visits.filter((one) => one.state === "sent");
  return h("section", { class: "panel", "aria-labelledby": "queue-title" },
    h("h2", { id: "queue-title" }, t("field.queue")),
    h("ul", { class: "figures" },
      figure(waiting, t("field.figure_waiting"), waiting > 0 ? "warn" : ""),
      figure(count.refused, t("field.figure_refused"), count.refused > 0 ? "bad" : ""),
      figure(count.sent, t("field.figure_sent"), ""),
      figure(photos, t("field.figure_photos"), "")),
    send, refusedPhotos(desk),
    listed.length === 0 ? null : h("ul", { class: "rows" }, ...listed.map(visitRow)),
    sent.length === 0 ? null : h("details", {},
      h("summary", {}, t("field.sent_list", { count: sent.length })),
      h("ul", { class: "rows" }, ...sent.map(visitRow))));
}

/** Photographs that the server did not take: their inspection is there, they are looked at from it. */
function refusedPhotos(desk: Desk): HTMLElement | null {
  const refused = desk.photos.filter((one) => one.state === "refused");
  if (refused.length === 0) return null;
  return h("ul", { class: "rows" }, ...refused.map((one) => h("li", {},
    h("a", { class: "row", href: `#/v/${one.client_id}` },
      h("b", {}, one.name), stateBadge("refused"),
      h("span", { class: "why" }, one.refusal?.detail ?? "")))));
}

function figure(count: number, text: string, tone: string): HTMLElement {
  return h("li", { class: tone === "" ? "figure" : `figure tone-${tone}` }, h("b", {}, String(count)), " ", h("span", {}, text));
}

function visitRow(visit: Visit): HTMLElement {
  const first = visit.refusal?.faults[0];
  const why = visit.state !== "refused" || visit.refusal === null ? null
    : (first === undefined ? visit.refusal.detail : sentence(first));
  return h("li", {},
    h("a", { class: "row", href: `#/v/${visit.client_id}` },
      h("b", {}, visit.marker_no), stateBadge(visit.state),
      h("span", { class: "hint" }, moment(visit.created_at)),
      why === null ? null : h("span", { class: "why" }, why)),
    visit.state === "sent" ? receiptBox(visit) : null);
}

function takenSection(desk: Desk, ways: Ways): HTMLElement | null {
  if (desk.rounds.length === 0) return null;
  return h("section", { "aria-labelledby": "taken-title" },
    h("h2", { id: "taken-title" }, t("field.taken")),
    h("ul", { class: "cards" }, ...desk.rounds.map((one) => takenCard(one, desk, ways))));
}

export function progressOf(round: TakenRound, desk: Desk): { done: number; all: number } {
  const last = lastVisits(desk.visits, round.id);
  const own = round.bundle.markers.filter((one) => {
    const state = last.get(one.id)?.state;
    return state !== undefined && state !== "draft";
  });
  return { done: own.length, all: round.bundle.markers.length };
}

function takenCard(one: TakenRound, desk: Desk, ways: Ways): HTMLElement {
  const { done, all } = progressOf(one, desk);
  const text = t("field.progress", { done, all });
  const waits = unsent(desk.visits.filter((visit) => visit.round_id === one.id), desk.photos);
  const left = button(t("field.leave"), () => {
    void confirmed(t("field.leave_ask", { name: one.bundle.round.name }), t("field.leave"))
      .then((yes) => (yes ? leave(one, desk) : undefined));
  });
  left.disabled = waits > 0;
  return h("li", { class: "card" },
    h("h3", {}, h("a", { href: `#/r/${String(one.id)}` }, one.bundle.round.name)),
    h("p", {}, h("progress", { max: Math.max(all, 1), value: done, "aria-label": text }), " ", text),
    h("p", { class: "hint" }, t("field.taken_at", { at: moment(one.bundle.taken_at) })),
    h("div", { class: "acts" },
      h("a", { class: "button large primary", href: `#/r/${String(one.id)}` }, t("field.open")),
      button(t("field.take_anew"), () => { takeRound(desk, ways, one.id, one.bundle.round.name); }), left));
}

/** Forget a round whose visits the server has, with what was kept of them. */
async function leave(round: TakenRound, desk: Desk): Promise<void> {
  for (const one of desk.visits.filter((visit) => visit.round_id === round.id)) await dropVisit(one.client_id);
  await dropRound(round.account, round.id);
  await desk.read();
}

export function takeRound(desk: Desk, ways: Ways, id: number, name: string): void {
  ways.say(t("field.taking", { name }));
  desk.take(id).then(
    () => {
      ways.say(t("field.took", { name }));
      ways.go(`#/r/${String(id)}`);
    },
    (error: unknown) => {
      const problem = asProblem(error);
      ways.say(`${problem.title} ${problem.detail}`.trim());
    });
}

function offeredSection(desk: Desk, ways: Ways): HTMLElement | null {
  if (desk.account === null) return null;
  const list = h("div", {});
  const show = async (): Promise<void> => {
    try {
      const taken = new Set(desk.rounds.map((one) => one.id));
      const rounds = (await desk.offered()).filter((one) => !taken.has(one.id));
      list.replaceChildren(rounds.length === 0 ? h("p", { class: "hint" }, t("field.none_offered"))
        : h("ul", { class: "rows" }, ...rounds.map((one) => h("li", {},
          h("div", { class: "row" }, h("b", {}, one.name),
            h("span", { class: "hint" }, one.due_on ?? ""),
            button(t("field.take"), () => { takeRound(desk, ways, one.id, one.name); }, "primary"))))));
    } catch (error) {
      list.replaceChildren(h("p", { class: "hint" }, asProblem(error).title));
    }
  };
  if (desk.standing === "online") void show();
  else list.append(h("p", { class: "hint" }, t("field.offer_offline")));
  return h("section", { "aria-labelledby": "offer-title" }, h("h2", { id: "offer-title" }, t("field.offer")), list);
}

function keptSection(desk: Desk, ways: Ways): HTMLElement {
  const facts = h("p", {}, t("field.kept_wait"));
  void keptText(desk).then((text) => { facts.textContent = text; });
  const forget = button(t("field.forget"), () => {
    const lost = unsent(desk.visits, desk.photos) + desk.others;
    const question = lost > 0 ? t("field.forget_lost", { count: lost }) : t("field.forget_ask");
    void confirmed(question, t("field.forget")).then(async (yes) => {
      if (!yes) return;
      await forgetAll();
      await desk.read();
      ways.say(t("field.forgotten"));
    });
  }, "danger");
  return h("section", { "aria-labelledby": "kept-title" },
    h("h2", { id: "kept-title" }, t("field.kept")), facts,
    desk.others > 0 ? h("p", { class: "notice tone-info" }, t("field.others", { count: desk.others })) : null,
    forget);
}

async function keptText(desk: Desk): Promise<string> {
  const held = desk.photos.reduce((sum, one) => sum + (one.state === "sent" ? 0 : one.size), 0);
  const own = t("field.kept_own", { rounds: desk.rounds.length, visits: desk.visits.length, photos: desk.photos.length, size: bytes(held) });
  // Pages that are not served safely have no storage manager.
  if (!("storage" in navigator)) return own;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  const safe = await navigator.storage.persisted();
  return `${own} ${t("field.kept_room", { used: bytes(usage), room: bytes(quota) })} ${safe ? t("field.kept_safe") : t("field.kept_unsafe")}`;
}
