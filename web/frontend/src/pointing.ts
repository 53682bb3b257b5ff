/** Pointing at the map: a name while hovering, the facts on a click. */

import type { FeatureLike } from "ol/Feature";
import type Layer from "ol/layer/Layer";
import RenderFeature from "ol/render/Feature";
import type OlMap from "ol/Map";
import Overlay from "ol/Overlay";
import { h } from "./dom";
import type { Popup } from "./popup";
import { displayName } from "./styles";

interface Hit {
  readonly feature: FeatureLike;
  readonly collection: string;
}

const TOLERANCE_PX = 5;

const FINEST_FIRST = ["township", "county", "prefecture", "region"];

/** What a feature belongs to: tiles say it themselves, other layers have a name. */
function collectionOf(feature: FeatureLike, layer: Layer): string {
  const own = layer.get("collection") as string | undefined;
  return own === "tiles" ? String(feature.get("layer")) : String(own);
}

const NAMED = (layer: Layer): boolean => layer.get("collection") !== undefined;

/** The topmost symbol, line or name. */
function hitAt(map: OlMap, pixel: number[]): Hit | undefined {
  return map.forEachFeatureAtPixel(
    pixel,
    (feature, layer) => {
      const collection = collectionOf(feature, layer);
      return collection.startsWith("divisions") ? undefined : { feature, collection };
    },
    { hitTolerance: TOLERANCE_PX, layerFilter: NAMED },
  );
}

/** The smallest division around a pixel. */
function divisionAt(map: OlMap, pixel: number[]): Hit | undefined {
  const around = map.getFeaturesAtPixel(pixel, { layerFilter: NAMED })
    .filter((one) => one instanceof RenderFeature && one.get("layer") === "divisions");
  for (const level of FINEST_FIRST) {
    const feature = around.find((one) => one.get("level") === level);
    if (feature !== undefined) return { feature, collection: "divisions" };
  }
  return undefined;
}

/** `choose` may take a click for itself (a result of the report shown) by returning true. */
export function followPointer(
  map: OlMap,
  target: HTMLElement,
  popup: Popup,
  choose: (hit: FeatureLike) => boolean,
): void {
  const element = h("div", { class: "hover-name" });
  const name = new Overlay({ element, offset: [12, 12], stopEvent: false });
  map.addOverlay(name);
  map.on("pointermove", (event) => {
    const hit = event.dragging ? undefined : hitAt(map, event.pixel);
    target.classList.toggle("pointing", hit !== undefined);
    element.textContent = hit === undefined ? "" : displayName(hit.feature);
    name.setPosition(element.textContent === "" ? undefined : event.coordinate);
  });
  target.addEventListener("pointerleave", () => { name.setPosition(undefined); });
  map.on("singleclick", (event) => {
    const hit = hitAt(map, event.pixel) ?? divisionAt(map, event.pixel);
    name.setPosition(undefined);
    if (hit === undefined) popup.hide();
    else if (!choose(hit.feature)) popup.show(hit.feature, hit.collection, event.coordinate);
  });
}
