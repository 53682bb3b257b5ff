/** The key of the map: what is shown, and what each sign means. */

import { h, svg } from "./dom";
import { GROUPS, type Group, type TileLayers } from "./layers";
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

/** One sign for those groups that have a single one; it stands beside their name. */
function sign(group: Group): SVGSVGElement | null {
  if (group === "heritage") return shape("heritage", "M0,-8 L1.8,-2.6 7.6,-2.5 2.9,1 4.7,6.5 0,3.1 -4.7,6.5 -2.9,1 -7.6,-2.5 -1.8,-2.6Z");
  if (group === "signs") return shape("sign", "M-6,-3 H6 V3 H-6Z");
  return null;
}

function shape(kind: string, path: string): SVGSVGElement {
  return svg("svg", { class: `place-sample ${kind}`, viewBox: "-9 -9 18 18", width: 16, height: 16, "aria-hidden": "true" },
    svg("path", { d: path }));
}

function groupSwitch(group: Group, layers: TileLayers, changed: () => void): HTMLElement {
  const box = h("input", { type: "checkbox" });
  box.checked = layers.isShown(group);
  box.addEventListener("change", () => {
    layers.show(group, box.checked);
    changed();
  });
  return h("div", { class: "key-group" },
    h("label", {}, box, sign(group), t(`collection.${group}`)), samples(group));
}

/** `changed` hears when a layer has been switched. */
export function mapKey(layers: TileLayers, changed: () => void): HTMLElement {
  const groups = [...GROUPS].reverse().map((group) => groupSwitch(group, layers, changed));
  return h("details", { class: "map-key", open: true }, h("summary", {}, t("key.title")),
    h("div", { class: "key-groups" }, ...groups));
}
