/** What a person does with the map beside looking: another day, measuring, printing, a link. */

import { recall, remember } from "./address";
import { h } from "./dom";
import { GROUPS } from "./layers";
import type { MapParts } from "./map";
import { SCALES, scaleText } from "./measures";
import { Measure } from "./measuring";
import { printMap, sheetTitle } from "./printing";
import { boxFromView } from "./projection";
import { language, t } from "./texts";
import { timeline } from "./timeline";

export interface Tools {
  readonly element: HTMLElement;
  readonly measure: Measure;
}

export function mapTools(parts: MapParts): Tools {
  const { map, layers } = parts;
  const measure = new Measure(map, parts.palette);
  const time = timeline(recall("day"), (day) => {
    remember("day", day);
    layers.setDay(day);
  });
  const element = h("details", { class: "map-tools", open: true },
    h("summary", {}, t("tools.title")),
    time, measure.element, actions(parts), lists(parts));
  return { element, measure };
}

function actions({ map, sheet }: MapParts): HTMLElement {
  const said = h("span", { class: "hint", role: "status" });
  const scales = h("select", {},
    h("option", { value: "" }, t("print.as_shown")),
    ...SCALES.map((scale) => h("option", { value: scale }, scaleText(scale))));
  const print = h("button", { type: "button" }, t("print.button"));
  print.addEventListener("click", () => {
    const scale = scales.value === "" ? null : Number(scales.value);
    sheet.textContent = sheetTitle(recall("day"), scale);
    void printMap(map, scale);
  });
  const link = h("button", { type: "button" }, t("link.button"));
  link.addEventListener("click", () => {
    const address = window.location.href;
    navigator.clipboard.writeText(address).then(
      () => { said.textContent = t("link.copied"); },
      () => { said.replaceChildren(h("input", { type: "text", readonly: true, value: address, "aria-label": t("link.button") })); },
    );
  });
  const scale = h("label", {}, t("print.scale"), " ", scales);
  return h("div", { class: "tool tool-row" }, scale, print, link, said);
}

/** The same as tables: what each collection holds in the box in view. */
function lists({ map }: MapParts): HTMLElement {
  const links = GROUPS.map((name) => h("a", {}, t(`collection.${name}`)));
  const write = (): void => {
    const box = boxFromView(map.getView().calculateExtent(map.getSize()))
      .map((value) => value.toFixed(4)).join(",");
    GROUPS.forEach((name, index) => {
      links[index]?.setAttribute(
        "href", `/collections/${name}/items?bbox=${box}&f=html&lang=${language()}`);
    });
  };
  map.on("moveend", write);
  return h("div", { class: "tool tool-lists" }, h("p", { class: "hint" }, t("tools.lists")),
    h("ul", { class: "browse-list" }, ...links.map((link) => h("li", {}, link))));
}
