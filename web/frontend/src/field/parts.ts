/** Pieces that the screens of the field page are made of. */

import { h } from "../dom";
import { label, pageLanguage, sentence, t } from "../texts";
import type { Refusal, Visit, VisitState } from "./visits";

const TONES: Record<VisitState, string> = {
  draft: "quiet", waiting: "warn", sending: "open", sent: "good", refused: "bad",
};

export function stateBadge(state: VisitState): HTMLElement {
  return h("span", { class: `badge tone-${TONES[state]}` }, label("visit_state", state));
}

export function verdictBadge(verdict: string): HTMLElement {
  return h("span", { class: `badge badge-${verdict}` }, label("verdict", verdict));
}

export function button(text: string, act: () => void, kind = ""): HTMLButtonElement {
  const made = h("button", { type: "button", class: `large ${kind}`.trim() }, text);
  made.addEventListener("click", act);
  return made;
}

/** What the server said against something, in its own words; nothing is left out. */
export function refusalBox(refusal: Refusal): HTMLElement {
  const listed = refusal.faults.map((one) => h("li", {}, sentence(one)));
  return h("div", { class: "problem", role: "alert" },
    h("h3", {}, refusal.title || t("field.refused")),
    listed.length === 0 && refusal.detail !== "" ? h("p", {}, refusal.detail) : null,
    listed.length === 0 ? null : h("ul", {}, ...listed));
}

export function moment(text: string): string {
  const when = new Date(text);
  if (Number.isNaN(when.getTime())) return text;
  const locale = { zh: "zh-CN", en: "en-GB" }[pageLanguage()] ?? pageLanguage();
  return when.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

export function bytes(count: number): string {
  if (count < 1e6) return `${Math.ceil(count / 1e3).toString()} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

/** The verdict and its reason, as the server gave them. */
export function receiptBox(visit: Visit): HTMLElement | null {
  const { receipt } = visit;
  if (receipt === null) return null;
  return h("div", { class: "receipt" },
    h("p", {}, verdictBadge(receipt.result.verdict), " ", sentence(receipt.result)),
    h("p", { class: "hint" },
      t("field.receipt", { id: receipt.submission, at: moment(receipt.received_at) })));
}

/** Ask before something that cannot be taken back. */
export function confirmed(question: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    const no = h("button", { type: "submit", value: "no", class: "large" }, t("field.cancel"));
    const go = h("button", { type: "submit", value: "yes", class: "large danger" }, yes);
    const dialog = h("dialog", { class: "ask", "aria-label": yes },
      h("p", {}, question), h("form", { method: "dialog", class: "acts" }, no, go));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
