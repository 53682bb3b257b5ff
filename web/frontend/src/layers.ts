/** The layers of the map, bottom to top, and the groups a person switches. */

import VectorLayer from "ol/layer/Vector";
import type VectorSource from "ol/source/Vector";
import type { StyleFunction } from "ol/style/Style";
import type { ItemsQuery } from "./items";
import type { Palette } from "./palette";
import { collectionSource, type LoadState } from "./source";
import { divisionNameStyle, divisionStyle, lineStyle, markerStyle, placeStyle } from "./styles";

export const GROUPS = ["divisions", "lines", "markers", "places"] as const;
export type Group = (typeof GROUPS)[number];

interface Definition extends ItemsQuery {
  readonly collection: Group;
  /** Coarsest resolution, in map units per pixel, at which the layer is read and drawn. */
  readonly coarsest?: number;
  readonly style: (palette: Palette) => StyleFunction;
}

const COUNTY = 1100;
const TOWNSHIP = 90;

const DEFINITIONS: readonly Definition[] = [
  division("region"),
  division("township", TOWNSHIP),
  division("county", COUNTY),
  division("prefecture"),
  line("township", TOWNSHIP),
  line("county", COUNTY),
  line("prefecture"),
  line("province"),
  { collection: "markers", maxPages: 5, style: markerStyle },
  { collection: "places", maxPages: 3, coarsest: 900, style: placeStyle },
];

function division(level: string, coarsest?: number): Definition {
  return byLevel("divisions", level, divisionStyle, coarsest);
}

function line(level: string, coarsest?: number): Definition {
  return byLevel("lines", level, lineStyle, coarsest);
}

function byLevel(
  collection: Group,
  level: string,
  style: Definition["style"],
  coarsest?: number,
): Definition {
  const limit = coarsest === undefined ? {} : { coarsest };
  return { collection, filters: { level }, maxPages: 2, style, ...limit };
}

export interface MapLayer {
  readonly group: Group;
  readonly layer: VectorLayer<VectorSource>;
  paint(palette: Palette): void;
}

/** Above the layers that are read, below the results of a report. */
const NAMES_ABOVE = 50;

function mapLayer(
  { collection, coarsest }: Definition,
  source: VectorSource,
  style: Definition["style"],
  zIndex: number,
  palette: Palette,
): MapLayer {
  const layer = new VectorLayer({
    source,
    style: style(palette),
    // One group: a division's name and a place's name never overlap. Symbols always show.
    declutter: collection === "markers" ? false : "names",
    maxResolution: coarsest ?? Infinity,
    zIndex,
  });
  layer.set("collection", collection);
  return { group: collection, layer, paint: (next) => { layer.setStyle(style(next)); } };
}

/** Make all layers; `report` hears how each one's reading stands. */
export function createLayers(
  palette: Palette,
  report: (index: number, state: LoadState) => void,
): MapLayer[] {
  return DEFINITIONS.flatMap((definition, index) => {
    const source = collectionSource(definition, (state) => { report(index, state); });
    const layer = mapLayer(definition, source, definition.style, index, palette);
    if (definition.collection !== "divisions") return [layer];
    const zIndex = NAMES_ABOVE + index;
    return [layer, mapLayer(definition, source, divisionNameStyle, zIndex, palette)];
  });
}
