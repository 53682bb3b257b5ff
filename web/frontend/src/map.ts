/** The map itself: view, controls, read-out, loading notice and theme. */

import "ol/ol.css";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import Control from "ol/control/Control";
import ScaleLine from "ol/control/ScaleLine";
import Zoom from "ol/control/Zoom";
import OlMap from "ol/Map";
import View from "ol/View";
import { readView, recall, remember, writeView } from "./address";
import { h } from "./dom";
import { requestJson } from "./http";
import { createLayers, type MapLayer } from "./layers";
import { position } from "./measures";
import { onThemeChange, readPalette, type Palette } from "./palette";
import { boxToView, fromView, toView, VIEW_PROJECTION } from "./projection";
import type { LoadState } from "./source";
import { t } from "./texts";
import type { Box, CollectionDescription } from "./types";

const WORLD: Box = [-180, -80, 180, 80];
/** A store may hold markers and no divisions: the first collection with an extent decides. */
const EXTENT_SOURCES = ["divisions", "markers", "places"] as const;

export interface MapParts {
  readonly map: OlMap;
  readonly layers: readonly MapLayer[];
  readonly palette: Palette;
  /** Call back with the new colours when the theme changes. */
  onPaint(callback: (palette: Palette) => void): void;
}

/** What a collection without records says of its extent. */
function isWholeEarth(box: readonly (number | undefined)[]): boolean {
  return box.join() === "-180,-90,180,90";
}

/** The box of the published data, from the first collection that has one. */
export async function publishedBox(): Promise<{ box: Box; attribution: string }> {
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
  private readonly states = new Map<number, LoadState>();

  report = (layer: number, state: LoadState): void => {
    this.states.set(layer, state);
    const all = [...this.states.values()];
    const worst = (["failed", "loading", "partial"] as const).find((one) => all.includes(one));
    this.element.textContent = worst === undefined ? "" : t(`map.${worst}`);
    this.element.classList.toggle("failed", worst === "failed");
  };
}

function readout(map: OlMap): HTMLElement {
  const element = h("output", { class: "map-readout", "aria-label": t("map.position") });
  const write = (coordinate: number[] | undefined): void => {
    element.textContent = coordinate === undefined ? "" : position(fromView(coordinate));
  };
  map.on("pointermove", (event) => { write(event.coordinate); });
  // Without a pointer (keyboard, touch) the middle of the view is what is read.
  map.on("moveend", () => { write(map.getView().getCenter()); });
  return element;
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
  view.fit(boxToView(box), { padding: [24, 24, 24, 24] });
  if (asked === null) return;
  view.setCenter(toView(asked.center));
  view.setZoom(asked.zoom);
}

export async function createMap(target: HTMLElement): Promise<MapParts> {
  const { box, attribution } = await publishedBox();
  const palette = readPalette();
  const notice = new Notice();
  const layers = createLayers(palette, notice.report);
  const view = new View({ projection: VIEW_PROJECTION, maxZoom: 20, constrainRotation: true });
  const map = new OlMap({
    view,
    layers: layers.map((one) => one.layer),
    controls: [
      new Zoom({ zoomInTipLabel: t("map.zoom_in"), zoomOutTipLabel: t("map.zoom_out") }),
      new ScaleLine({ minWidth: 80 }),
      wholeButton(() => { view.fit(boxToView(box), { padding: [24, 24, 24, 24], duration: 250 }); }),
    ],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
  });
  target.replaceChildren();
  map.setTarget(target);
  const credit = attribution === "" ? null : h("p", { class: "map-credit" }, attribution);
  target.append(notice.element, h("div", { class: "map-foot" }, readout(map), credit));
  initialView(map, box);
  keepView(map);
  const painters: ((palette: Palette) => void)[] = layers.map((one) => (next) => { one.paint(next); });
  onThemeChange(() => {
    const next = readPalette();
    for (const paint of painters) paint(next);
  });
  return { map, layers, palette, onPaint: (callback) => { painters.push(callback); } };
}
