/** The base map that an office has configured: tiles of a WMTS, in Mercator or in degrees. */

import TileLayer from "ol/layer/Tile";
import XYZ from "ol/source/XYZ";
import TileGrid from "ol/tilegrid/TileGrid";
import { createXYZ } from "ol/tilegrid";

/** What the page says of it; the server has put the key into the address. */
interface BaseMap {
  readonly url: string;
  readonly grid: "mercator" | "degrees";
  readonly credit: string;
}

const LEVELS = 18;
const PIXELS = 256;

export function readBaseMap(target: HTMLElement): BaseMap | null {
  const text = target.dataset["base"];
  return text ? (JSON.parse(text) as BaseMap) : null;
}

/**
 * Degrees are those of EPSG:4490, which the map draws as longitude and latitude: level n has 2^n
 * tiles around the Earth.
 */
export function baseLayer({ url, grid }: BaseMap): TileLayer {
  const degrees = new TileGrid({
    origin: [-180, 90],
    tileSize: PIXELS,
    resolutions: Array.from({ length: LEVELS + 1 }, (_, level) => 360 / PIXELS / 2 ** level),
    minZoom: 1,
  });
  const source = new XYZ({
    url,
    ...(grid === "degrees"
      ? { projection: "EPSG:4326", tileGrid: degrees }
      : { tileGrid: createXYZ({ maxZoom: LEVELS }) }),
  });
  return new TileLayer({ source, zIndex: 0 });
}
