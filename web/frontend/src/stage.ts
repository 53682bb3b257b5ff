/** What the search box and the report do on the map. */

import Feature from "ol/Feature";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { remember } from "./address";
import { isExplained, ResultLayer, type Residuals } from "./arrows";
import { h } from "./dom";
import { mapKey } from "./key";
import type { MapParts } from "./map";
import { Popup, propertyList } from "./popup";
import { geojson } from "./projection";
import { t } from "./texts";
import { mapTools, type Tools } from "./tools";
import type { Result, SearchHit } from "./types";

export class MapStage {
  readonly popup: Popup;
  readonly results: ResultLayer;
  readonly tools: Tools;
  private readonly toggle = h("div", { class: "map-toggle", hidden: true });
  private readonly found = new VectorSource();

  constructor(
    readonly parts: MapParts,
    target: HTMLElement,
    holder: HTMLElement,
  ) {
    this.popup = new Popup(parts.map);
    const factor = h("div", { class: "map-factor", role: "status" });
    target.append(factor, this.toggle);
    this.tools = mapTools(parts);
    const key = mapKey(parts.layers, () => { remember("hidden", parts.layers.hiddenGroups().join(",")); });
    holder.replaceChildren(this.tools.element, key);
    this.results = new ResultLayer(parts.map, parts.palette, (times, cut) => {
      const said = t("map.factor", { times: (times ?? 1).toLocaleString("en") });
      const all = cut ? `${said} · ${t("map.factor_cut")}` : said;
      factor.textContent = times === null ? "" : all;
    });
    this.fillToggle();
    this.addFoundLayer();
    parts.onPaint((palette) => { this.results.paint(palette); });
  }

  private addFoundLayer(): void {
    const stroke = new Stroke({ color: this.parts.palette.select, width: 3 });
    const fill = new Fill({ color: "rgba(0,0,0,0)" });
    const style = new Style({ image: new CircleStyle({ radius: 11, stroke, fill }), stroke });
    this.parts.map.addLayer(new VectorLayer({ source: this.found, style, zIndex: 120 }));
  }

  /** The results of a report; with what is left of them where a cause was found. */
  show(results: readonly Result[]): void {
    this.popup.hide();
    this.toggle.hidden = !results.some(isExplained);
    const raw = this.toggle.querySelector("input");
    if (raw !== null) raw.checked = true;
    this.results.setResiduals("raw");
    this.results.show(results);
  }

  /** Vectors as sent, or what is left without the diagnosed cause. */
  private fillToggle(): void {
    const option = (residuals: Residuals, text: string): HTMLElement => {
      const box = h("input", { type: "radio", name: "residuals", value: residuals });
      box.addEventListener("change", () => { this.results.setResiduals(residuals); });
      return h("label", {}, box, text);
    };
    this.toggle.append(h("fieldset", {}, h("legend", { class: "unseen" }, t("residuals.title")),
      option("raw", t("residuals.raw")), option("remaining", t("residuals.remaining"))));
  }

  /** Read the tiles anew: markers have other verdicts. */
  refreshMarkers(): void {
    this.parts.layers.refresh();
  }

  goTo(hit: SearchHit): void {
    this.found.clear();
    const geometry = hit.geometry && geojson.readGeometry(hit.geometry);
    if (geometry === null) return;
    this.found.addFeature(new Feature({ geometry }));
    const view = this.parts.map.getView();
    view.fit(geometry.getExtent(), { maxZoom: Math.max(view.getZoom() ?? 0, 10), padding: [60, 60, 60, 60], duration: 350 });
    const { name, division_path, category_name, status } = hit.properties;
    const facts = propertyList({ category_name, division_path, status });
    const body = h("div", { class: "popup-body" }, h("h2", {}, name), facts);
    const at = geometry instanceof Point ? geometry.getCoordinates() : undefined;
    if (at === undefined) this.popup.hide();
    else this.popup.showElement(body, at);
  }
}
