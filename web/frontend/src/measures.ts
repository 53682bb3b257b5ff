/** Numbers as people read them. */

import { type Language, t } from "./texts";
import type { LonLat } from "./types";

const WINDS = [
  "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
  "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
] as const;
const WINDS_ZH = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"] as const;

/** The wind of a bearing in degrees clockwise from north: 16 in English, 8 in Chinese. */
export function wind(bearing_deg: number, language: Language): string {
  const names: readonly string[] = language === "en" ? WINDS : WINDS_ZH;
  const turn = ((bearing_deg % 360) + 360) % 360;
  return names[Math.round((turn * names.length) / 360) % names.length] ?? "";
}

/** Metres with the digits that matter at that size: "1.83 m", "412.6 m", "5.12 km". */
export function metres(distance_m: number | null): string {
  if (distance_m === null) return "—";
  if (distance_m >= 1000) return `${(distance_m / 1000).toFixed(2)} km`;
  return `${distance_m.toFixed(distance_m < 10 ? 2 : 1)} m`;
}

/** "1.83 m → 78° ENE". */
export function displacement(
  distance_m: number | null,
  bearing_deg: number | null,
  language: Language,
): string {
  if (distance_m === null || bearing_deg === null) return metres(distance_m);
  const bearing = Math.round(bearing_deg) % 360;
  return `${metres(distance_m)} → ${bearing}° ${wind(bearing_deg, language)}`;
}

/** "111.70312° E, 40.81234° N", as the page's language has it; five decimals are about one metre. */
export function position(lonLat: LonLat): string {
  const [lon, lat] = [wrapLon(lonLat[0]), lonLat[1]];
  return t("position.pair", {
    lon: t(lon < 0 ? "position.west" : "position.east", { degrees: Math.abs(lon).toFixed(5) }),
    lat: t(lat < 0 ? "position.south" : "position.north", { degrees: Math.abs(lat).toFixed(5) }),
  });
}

function wrapLon(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** "3.21 km²", "1.2 ha", "850 m²". */
export function area(area_m2: number): string {
  if (area_m2 >= 1e6) return `${(area_m2 / 1e6).toFixed(area_m2 < 1e8 ? 2 : 0)} km²`;
  return area_m2 >= 1e4 ? `${(area_m2 / 1e4).toFixed(1)} ha` : `${area_m2.toFixed(0)} m²`;
}

/**
 * How many times arrows are drawn longer than true, from their true lengths on the screen: the
 * largest of 1, 2, 5, 10 … that keeps three quarters of them within `wanted_px`. The quartile,
 * not the longest, decides: one gross error must not hide the others.
 */
export function exaggeration(lengths_px: readonly number[], wanted_px = 70): number {
  const sorted = lengths_px.filter((length) => length > 0).sort((a, b) => a - b);
  const typical = sorted[Math.round((sorted.length - 1) * 0.75)];
  if (typical === undefined || typical >= wanted_px) return 1;
  const factor = wanted_px / typical;
  const decade = 10 ** Math.floor(Math.log10(factor));
  const step = [5, 2, 1].find((digit) => digit * decade <= factor) ?? 1;
  return step * decade;
}

/** What a pixel of a printed sheet measures: CSS pixels are 1/96 of an inch on paper. */
const PAPER_PX_M = 0.0254 / 96;

/** Scales that a sheet may be printed at; the ones of national maps, from survey to overview. */
export const SCALES = [5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 4000000] as const;

/** The resolution of a Mercator view at which a sheet has the scale 1:`scale` at a latitude. */
export function scaleResolution(scale: number, lat: number): number {
  return (scale * PAPER_PX_M) / Math.cos((lat * Math.PI) / 180);
}

/** "1:50,000". */
export function scaleText(scale: number): string {
  return `1:${String(scale).replace(/\B(?=(\d{3})+$)/g, ",")}`;
}
