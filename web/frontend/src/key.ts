/** The key of the map: what is shown, and what each sign means. */

import { h, svg } from "./dom";
import { GROUPS, type Group, type MapLayer } from "./layers";
import { LINE_LEVELS } from "./styles";
import { markerIcon, STATES } from "./symbols";
import { label, t } from "./texts";

function lineSample(width: number, dash: readonly number[]): SVGSVGElement {
  const stroke = svg("line", {
    x1: 1, y1: 5, x2: 35, y2: 5, "stroke-width": width, "stroke-dasharray": dash.join(" "),
  });
  return svg("svg", { class: "line-sample", viewBox: "0 0 36 10", width: 36, height: 10, "aria-hidden": "true" }, stroke);
}

function placeSample(kind: string): SVGSVGElement {
  return svg("svg", { class: `place-sample ${kind}`, viewBox: "-9 -9 18 18", width: 16, height: 16, "aria-hidden": "true" },
    svg("circle", { r: 3.4 }));
}

function samples(group: Group): HTMLElement | null {
  if (group === "lines") {
    return h("ul", {}, ...Object.entries(LINE_LEVELS).map(([level, { width, dash }]) =>
      h("li", {}, lineSample(width, dash), label("level", level))));
  }
  if (group === "markers") {
    return h("ul", {}, ...[...STATES].reverse().map((state) =>
      h("li", {}, markerIcon(state), label("verdict", state))));
  }
  if (group === "places") {
    return h("ul", {},
      h("li", {}, placeSample("plain"), t("key.place")),
      h("li", {}, placeSample("heritage"), t("key.heritage")));
  }
  return null;
}

function groupSwitch(group: Group, layers: readonly MapLayer[]): HTMLElement {
  const box = h("input", { type: "checkbox", checked: true });
  box.addEventListener("change", () => {
    for (const one of layers) if (one.group === group) one.layer.setVisible(box.checked);
  });
  return h("div", { class: "key-group" }, h("label", {}, box, t(`collection.${group}`)), samples(group));
}

export function mapKey(layers: readonly MapLayer[]): HTMLElement {
  const groups = [...GROUPS].reverse().map((group) => groupSwitch(group, layers));
  return h("details", { class: "map-key", open: true }, h("summary", {}, t("key.title")),
    h("div", { class: "key-groups" }, ...groups));
}
