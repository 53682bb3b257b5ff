/** The map itself: view, controls, read-out, loading notice and theme. */

import "ol/ol.css";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import Control from "ol/control/Control";
import ScaleLine from "ol/control/ScaleLine";
import Zoom from "ol/control/Zoom";
import OlMap from "ol/Map";
import View from "ol/View";
import { readView, recall, remember, writeView } from "./address";
import { h, svg } from "./dom";
import { requestJson } from "./http";
import { baseLayer, readBaseMap } from "./basemap";
import { gaussKruger } from "./geodesy";
import { GROUPS, TileLayers, type LoadState } from "./layers";
import { position } from "./measures";
import { onThemeChange, readPalette, type Palette } from "./palette";
import { boxToView, fromView, toView, VIEW_PROJECTION } from "./projection";
import { t } from "./texts";
import type { Box, CollectionDescription, LonLat } from "./types";

const WORLD: Box = [-180, -80, 180, 80];
/** A store may hold markers and no divisions: the first collection with an extent decides. */
const EXTENT_SOURCES = ["divisions", "markers", "places"] as const;

/** Pixels around the whole region; more below, where the read-out stands. */
const PADDING = [24, 24, 84, 24];

export interface MapParts {
  readonly map: OlMap;
  readonly layers: TileLayers;
  readonly palette: Palette;
  /** The heading of a printed sheet. */
  readonly sheet: HTMLElement;
  /** Call back with the new colours when the theme changes. */
  onPaint(callback: (palette: Palette) => void): void;
}

/** What a collection without records says of its extent. */
function isWholeEarth(box: readonly (number | undefined)[]): boolean {
  return box.join() === "-180,-90,180,90";
}

/** The box of the published data, from the first collection that has one. */
async function publishedBox(): Promise<{ box: Box; attribution: string }> {
  for (const collection of EXTENT_SOURCES) {
    const about = await requestJson<CollectionDescription>(`/collections/${collection}`);
    const bbox = about.extent?.spatial?.bbox?.[0] ?? [];
    // Four numbers are a flat box, six have heights between.
    const flat = bbox.length === 6 ? [0, 1, 3, 4].map((index) => bbox[index]) : bbox;
    if (flat.length === 4 && flat.every((value) => Number.isFinite(value)) && !isWholeEarth(flat)) {
      return { box: flat as Box, attribution: about.attribution ?? "" };
    }
  }
  return { box: WORLD, attribution: "" };
}

/** One sentence about what is being read, over the map. */
class Notice {
  readonly element = h("div", { class: "map-notice", role: "status" });
  private timer = 0;

  report = (state: LoadState): void => {
    window.clearTimeout(this.timer);
    // Most tiles come at once; only what takes its time is spoken of.
    this.timer = window.setTimeout(() => { this.say(state); }, state === "loading" ? 500 : 0);
  };

  private say(state: LoadState): void {
    this.element.textContent = state === "complete" ? "" : t(`map.${state}`);
    this.element.classList.toggle("failed", state === "failed");
  }
}

/** Both forms of a position: degrees, and metres of the zone that the position lies in. */
function spoken(lonLat: LonLat): string {
  const { zone, meridian_deg, x_north_m, y_east_m } = gaussKruger(lonLat);
  const plane = t("map.plane", {
    zone, meridian: meridian_deg, x: x_north_m.toFixed(1), y: y_east_m.toFixed(1),
  });
  return `${position(lonLat)} · CGCS2000\n${plane}`;
}

function readout(map: OlMap): HTMLElement {
  const element = h("output", { class: "map-readout", "aria-label": t("map.position") });
  const write = (coordinate: number[] | undefined): void => {
    element.textContent = coordinate === undefined ? "" : spoken(fromView(coordinate));
  };
  map.on("pointermove", (event) => { write(event.coordinate); });
  // Without a pointer (keyboard, touch) the middle of the view is what is read.
  map.on("moveend", () => { write(map.getView().getCenter()); });
  return element;
}

function northArrow(): SVGSVGElement {
  return svg("svg", { class: "map-north", viewBox: "-12 -20 24 40", width: 24, height: 40, role: "img", "aria-label": t("map.north") },
    svg("path", { d: "M0,-18 L7,8 0,3 -7,8Z" }),
    svg("text", { x: 0, y: 19, "text-anchor": "middle" }, "N"));
}

function wholeButton(whole: () => void): Control {
  const button = h("button", { type: "button", title: t("map.whole"), "aria-label": t("map.whole") }, "⤢");
  button.addEventListener("click", whole);
  return new Control({ element: h("div", { class: "map-whole ol-unselectable ol-control" }, button) });
}

function keepView(map: OlMap): void {
  map.on("moveend", () => {
    const view = map.getView();
    const center = view.getCenter();
    if (center === undefined) return;
    remember("map", writeView({ zoom: view.getZoom() ?? 0, center: fromView(center) }));
  });
}

/** The view that the address asks for, or else the whole of the published data. */
function initialView(map: OlMap, box: Box): void {
  const asked = readView(recall("map"));
  const view = map.getView();
  view.fit(boxToView(box), { padding: PADDING });
  if (asked === null) return;
  view.setCenter(toView(asked.center));
  view.setZoom(asked.zoom);
}

export async function createMap(target: HTMLElement): Promise<MapParts> {
  const { box, attribution } = await publishedBox();
  const palette = readPalette();
  const notice = new Notice();
  const layers = new TileLayers(palette, notice.report);
  for (const group of GROUPS) if (recall("hidden").split(",").includes(group)) layers.show(group, false);
  const base = readBaseMap(target);
  const view = new View({ projection: VIEW_PROJECTION, maxZoom: 20, constrainRotation: true });
  const map = new OlMap({
    view,
    layers: base === null ? [] : [baseLayer(base)],
    controls: [
      new Zoom({ zoomInTipLabel: t("map.zoom_in"), zoomOutTipLabel: t("map.zoom_out") }),
      new ScaleLine({ minWidth: 80 }),
      wholeButton(() => { view.fit(boxToView(box), { padding: PADDING, duration: 250 }); }),
    ],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
  });
  layers.addTo(map);
  target.replaceChildren();
  map.setTarget(target);
  const credits = [attribution, base?.credit ?? ""].filter((one) => one !== "").join(" · ");
  const credit = credits === "" ? null : h("p", { class: "map-credit" }, credits);
  const sheet = h("p", { class: "map-sheet" });
  const foot = h("div", { class: "map-foot" }, readout(map), credit);
  target.append(sheet, notice.element, northArrow(), foot);
  target.classList.toggle("with-base", base !== null);
  initialView(map, box);
  keepView(map);
  const painters: ((palette: Palette) => void)[] = [(next) => { layers.paint(next); }];
  onThemeChange(() => {
    const next = readPalette();
    for (const paint of painters) paint(next);
  });
  return { map, layers, palette, sheet, onPaint: (callback) => { painters.push(callback); } };
}
