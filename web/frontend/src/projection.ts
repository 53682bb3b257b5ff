/**
 * The only place that knows which reference system the map is drawn in. Everything else speaks
 * longitude, latitude (CRS84); another view, such as EPSG:4490 by proj4, is registered here.
 */

import GeoJSON from "ol/format/GeoJSON";
import { transform, transformExtent } from "ol/proj";
import type { Box, LonLat } from "./types";

const GEOGRAPHIC = "EPSG:4326"; // OpenLayers keeps it as lon, lat: the numbers of CRS84
export const VIEW_PROJECTION = "EPSG:3857";
/** The view's own limit: Mercator has no poles. */
const MAX_LAT = 85.05;

export function toView(lonLat: LonLat): [number, number] {
  const [x = 0, y = 0] = transform([...lonLat], GEOGRAPHIC, VIEW_PROJECTION);
  return [x, y];
}

export function fromView(coordinate: readonly number[]): LonLat {
  const [lon = 0, lat = 0] = transform([...coordinate], VIEW_PROJECTION, GEOGRAPHIC);
  return [lon, lat];
}

export function boxToView(box: Box): number[] {
  const [west, south, east, north] = box;
  const drawable = [west, Math.max(-MAX_LAT, south), east, Math.min(MAX_LAT, north)];
  return transformExtent(drawable, GEOGRAPHIC, VIEW_PROJECTION, 8);
}

/** The box in view in degrees, inside what the server takes. */
export function boxFromView(extent: readonly number[]): Box {
  return transformExtent([...extent], VIEW_PROJECTION, GEOGRAPHIC, 8) as Box;
}

/** Whether a position can be drawn; what a faulty file says may lie off the Earth. */
export function isDrawable(lonLat: LonLat | null): lonLat is LonLat {
  return lonLat !== null && Math.abs(lonLat[0]) <= 180 && Math.abs(lonLat[1]) <= MAX_LAT;
}

export const geojson = new GeoJSON({
  dataProjection: GEOGRAPHIC,
  featureProjection: VIEW_PROJECTION,
});
