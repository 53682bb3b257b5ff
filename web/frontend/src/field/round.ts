/** A round taken along: its markers in the order of the tour, with what was done of them. */

import { h } from "../dom";
import { label, t } from "../texts";
import type { Desk } from "./desk";
import { progressOf } from "./home";
import { moment, stateBadge } from "./parts";
import type { Marker, TakenRound } from "./shelf";
import { lastVisits, type Visit } from "./visits";

/** Which markers are listed; kept while the page is open. */
let shown: "all" | "open" = "all";

export function roundScreen(round: TakenRound, desk: Desk): HTMLElement {
  const last = lastVisits(desk.visits, round.id);
  const { done, all } = progressOf(round, desk);
  const text = t("field.progress", { done, all });
  const list = h("ol", { class: "rows markers" });
  const fill = (): void => {
    const markers = round.bundle.markers.filter((one) =>
      shown === "all" || (last.get(one.id)?.state ?? "draft") === "draft");
    list.replaceChildren(...markers.map((one) => markerRow(one, round, last.get(one.id))));
  };
  fill();
  return h("div", {},
    h("p", {}, h("a", { class: "back", href: "#/" }, t("field.back"))),
    h("p", { class: "field-progress" }, h("progress", { max: Math.max(all, 1), value: done, "aria-label": text }), " ", text,
      h("span", { class: "hint" }, t("field.taken_at", { at: moment(round.bundle.taken_at) }))),
    chooser(fill), list);
}

function chooser(fill: () => void): HTMLElement {
  const group = h("div", { class: "chips", role: "group", "aria-label": t("field.filter") });
  const buttons = (["all", "open"] as const).map((which) => {
    const one = h("button", { type: "button", class: "chip large", "aria-pressed": String(shown === which) },
      which === "all" ? t("field.filter_all") : t("field.filter_open"));
    one.addEventListener("click", () => {
      shown = which;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === one));
      fill();
    });
    return one;
  });
  group.append(...buttons);
  return group;
}

function markerRow(marker: Marker, round: TakenRound, visit: Visit | undefined): HTMLElement {
  const condition = marker.condition === null ? "" : label("condition", marker.condition);
  const before = marker.inspected_on === null ? t("field.never_seen")
    : t("field.last_seen", { day: marker.inspected_on, condition });
  return h("li", {},
    h("a", { class: "row", href: `#/r/${String(round.id)}/m/${String(marker.id)}` },
      h("span", { class: "stop" }, marker.stop === null ? "–" : String(marker.stop)),
      h("b", {}, marker.marker_no),
      visit === undefined ? h("span", { class: "badge badge-never" }, t("field.not_yet")) : stateBadge(visit.state),
      h("span", { class: "hint" }, before)));
}
