/**
 * Measuring on the map: a path or an area of geodesics. Points come from clicks, or from the middle
 * of the view by a button, so that neither a pointer nor dragging is needed.
 */

import Feature from "ol/Feature";
import LineString from "ol/geom/LineString";
import MultiPoint from "ol/geom/MultiPoint";
import Polygon from "ol/geom/Polygon";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { h } from "./dom";
import { pathLength, ringArea } from "./geodesy";
import { area, metres } from "./measures";
import type { Palette } from "./palette";
import { fromView, toView } from "./projection";
import { t } from "./texts";
import type { LonLat } from "./types";

export class Measure {
  readonly element: HTMLElement;
  private readonly source = new VectorSource();
  private readonly said = h("output", { class: "measured", role: "status" });
  private readonly start = h("button", { type: "button", "aria-pressed": "false" }, t("measure.start"));
  private readonly tools = h("div", { class: "tool-row", hidden: true });
  private points: LonLat[] = [];

  constructor(private readonly map: OlMap, palette: Palette) {
    const stroke = new Stroke({ color: palette.select, width: 2.5, lineDash: [8, 5] });
    const image = new CircleStyle({ radius: 4, fill: new Fill({ color: palette.select }) });
    map.addLayer(new VectorLayer({
      source: this.source, zIndex: 110, style: new Style({ stroke, image }),
    }));
    this.element = h("div", { class: "tool tool-measure" }, this.start, this.tools, this.said);
    this.tools.append(
      this.button(t("measure.add"), () => { this.addMiddle(); }),
      this.button(t("measure.undo"), () => { this.set(this.points.slice(0, -1)); }),
      this.button(t("measure.clear"), () => { this.set([]); }));
    this.start.addEventListener("click", () => { this.switch(!this.active); });
    map.on("singleclick", (event) => {
      if (this.active) this.set([...this.points, fromView(event.coordinate)]);
    });
  }

  /** While it is on, a click on the map is a point and opens nothing. */
  get active(): boolean {
    return this.start.getAttribute("aria-pressed") === "true";
  }

  private button(text: string, act: () => void): HTMLButtonElement {
    const made = h("button", { type: "button", class: "plain" }, text);
    made.addEventListener("click", act);
    return made;
  }

  private switch(on: boolean): void {
    this.start.setAttribute("aria-pressed", String(on));
    this.tools.hidden = !on;
    this.map.getTargetElement()?.classList.toggle("measuring", on);
    this.set([]);
    this.said.textContent = on ? t("measure.hint") : "";
  }

  private addMiddle(): void {
    const middle = this.map.getView().getCenter();
    if (middle !== undefined) this.set([...this.points, fromView(middle)]);
  }

  private set(points: LonLat[]): void {
    this.points = points;
    this.draw();
    if (points.length < 2) {
      this.said.textContent = points.length === 0 ? "" : t("measure.one");
      return;
    }
    const length = metres(pathLength(points));
    this.said.textContent = points.length === 2
      ? t("measure.length", { length })
      : t("measure.both", { length, area: area(ringArea(points)) });
  }

  private draw(): void {
    const path = this.points.map(toView);
    this.source.clear();
    if (path.length === 0) return;
    const shapes = [
      new MultiPoint(path),
      ...(path.length > 1 ? [new LineString(path)] : []),
      ...(path.length > 2 ? [new Polygon([[...path, path[0] ?? [0, 0]]])] : []),
    ];
    this.source.addFeatures(shapes.map((geometry) => new Feature({ geometry })));
  }
}
