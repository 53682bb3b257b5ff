/**
 * The results of one report on the map: each marker with its new verdict, and an arrow from the
 * registered to the observed position. Metres cannot be seen at the scale of a region, so arrows
 * are drawn longer by one common factor that follows the zoom and is always said.
 */

import Feature from "ol/Feature";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import RegularShape from "ol/style/RegularShape";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { shifted } from "./geodesy";
import { exaggeration } from "./measures";
import type { Palette } from "./palette";
import { isDrawable, toView } from "./projection";
import { resultStyle } from "./styles";
import { stateOf } from "./symbols";
import type { LonLat, Result } from "./types";

const MOVED: ReadonlySet<string> = new Set(["displaced", "suspect"]);

const SHORTEST_PX = 11;
const LONGEST_PX = 150;

interface Arrow {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Whether arrows are the vectors as sent, or what is left without the diagnosed cause. */
export type Residuals = "raw" | "remaining";

/** Whether a cause was found that explains a part of this result's vector. */
export function isExplained(result: Result): boolean {
  return typeof result.predicted_east_m === "number";
}

/** Where the arrow of a result ends. */
function endOf(result: Result, residuals: Residuals): LonLat | null {
  const { registered, remaining_east_m: east, remaining_north_m: north } = result;
  if (residuals === "raw" || !isExplained(result)) return result.observed;
  if (registered === null || typeof east !== "number" || typeof north !== "number") return null;
  return shifted(registered, east, north);
}

/** The true arrow in map units, for a result that says both positions. */
function arrowOf(result: Result, residuals: Residuals): Arrow | null {
  const end = endOf(result, residuals);
  if (!isDrawable(result.registered) || !isDrawable(end)) return null;
  return { from: toView(result.registered), to: toView(end) };
}

function length(arrow: Arrow): number {
  return Math.hypot(arrow.to[0] - arrow.from[0], arrow.to[1] - arrow.from[1]);
}

function stretched(arrow: Arrow, factor: number): [number, number] {
  const along = (index: 0 | 1): number =>
    arrow.from[index] + (arrow.to[index] - arrow.from[index]) * factor;
  return [along(0), along(1)];
}

/** An arrow too long for the screen is cut and its shaft dashed; one too short is its symbol alone. */
function arrowStyles(
  arrow: Arrow, factor: number, resolution: number, color: string, halo: string,
): Style[] {
  const drawn_px = (length(arrow) * factor) / resolution;
  if (drawn_px < SHORTEST_PX) return [];
  const cut = drawn_px > LONGEST_PX;
  const tip = stretched(arrow, cut ? (factor * LONGEST_PX) / drawn_px : factor);
  const shaft = new LineString([[...arrow.from], tip]);
  const lineDash = cut ? [7, 5] : [];
  const turn = Math.atan2(arrow.to[0] - arrow.from[0], arrow.to[1] - arrow.from[1]);
  const head = new RegularShape({
    points: 3, radius: 7, rotation: turn, rotateWithView: true, fill: new Fill({ color }),
    stroke: new Stroke({ color: halo, width: 1 }),
  });
  return [
    new Style({ geometry: shaft, stroke: new Stroke({ color: halo, width: 5 }), zIndex: 8 }),
    new Style({ geometry: shaft, stroke: new Stroke({ color, width: 2.5, lineDash }), zIndex: 9 }),
    new Style({ geometry: new Point(tip), image: head, zIndex: 10 }),
  ];
}

export class ResultLayer {
  private readonly source = new VectorSource();
  private readonly layer: VectorLayer<VectorSource>;
  private chosen: number | null = null;
  private factor = 1;
  private residuals: Residuals = "raw";
  private shown = new Set<string>();

  constructor(
    private readonly map: OlMap,
    private palette: Palette,
    private readonly onFactor: (factor: number | null, cut: boolean) => void,
  ) {
    this.layer = new VectorLayer({
      source: this.source,
      zIndex: 100,
      style: (feature, resolution) => this.style(feature.get("result") as Result, resolution),
      updateWhileAnimating: true,
    });
    this.layer.set("collection", "results");
    map.addLayer(this.layer);
    map.on("moveend", () => { this.rescale(); });
  }

  show(results: readonly Result[]): void {
    this.chosen = null;
    this.source.clear();
    for (const result of results) {
      const place = this.place(result);
      if (place === null) continue;
      const feature = new Feature({ geometry: new Point(toView(place)), result, marker_no: result.marker_no });
      this.source.addFeature(feature);
    }
    this.rescale();
    const extent = this.source.getExtent();
    if (extent !== null && this.source.getFeatures().length > 0) {
      this.map.getView().fit(extent, { padding: [70, 70, 70, 70], maxZoom: 13, duration: 300 });
    }
  }

  /** Show the vectors as sent, or what is left of them. */
  setResiduals(residuals: Residuals): void {
    this.residuals = residuals;
    this.rescale();
  }

  /** Only the results of these verdicts; none given shows all. */
  filter(verdicts: ReadonlySet<string>): void {
    this.shown = new Set(verdicts);
    this.layer.changed();
    this.rescale();
  }

  /** Ring the result of a row and bring it into view. */
  choose(result: Result): void {
    this.chosen = result.row;
    this.layer.changed();
    const place = this.place(result);
    if (place === null) return;
    const view = this.map.getView();
    view.animate({ center: toView(place), zoom: Math.max(view.getZoom() ?? 0, 11), duration: 350 });
  }

  paint(palette: Palette): void {
    this.palette = palette;
    this.layer.changed();
  }

  private place(result: Result): readonly [number, number] | null {
    if (isDrawable(result.registered)) return result.registered;
    return isDrawable(result.observed) ? result.observed : null;
  }

  private visible(result: Result): boolean {
    return this.shown.size === 0 || this.shown.has(result.verdict);
  }

  private rescale(): void {
    const resolution = this.map.getView().getResolution() ?? 1;
    const results = this.source
      .getFeatures()
      .map((feature) => feature.get("result") as Result)
      .filter((result) => this.visible(result));
    // The moved markers set the scale; the noise of the others stays small beside them.
    const moved = results.filter((result) => MOVED.has(result.verdict));
    const lengths = (some: readonly Result[]): number[] =>
      some.map((one) => arrowOf(one, this.residuals)).filter((arrow) => arrow !== null).map((arrow) => length(arrow) / resolution);
    const all = lengths(results);
    this.factor = exaggeration(moved.length > 0 ? lengths(moved) : all);
    const cut = all.some((one) => one * this.factor > LONGEST_PX);
    this.onFactor(all.length === 0 ? null : this.factor, cut);
    this.layer.changed();
  }

  private style(result: Result, resolution: number): Style[] {
    if (!this.visible(result)) return [];
    const state = stateOf(result.verdict);
    const mark = resultStyle(state, this.palette, result.row === this.chosen);
    const arrow = arrowOf(result, this.residuals);
    if (arrow === null || length(arrow) === 0) return mark;
    const { states, halo } = this.palette;
    return [...mark, ...arrowStyles(arrow, this.factor, resolution, states[state], halo)];
  }
}
