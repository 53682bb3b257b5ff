/**
 * What the address bar keeps: the query, the submission shown, the view, the day, hidden layers. They live in the
 * fragment, since the server refuses query parameters that it does not know.
 */

import type { LonLat } from "./types";

type Part = "q" | "submission" | "map" | "day" | "hidden";

export interface View {
  readonly zoom: number;
  readonly center: LonLat;
}

function parts(): URLSearchParams {
  return new URLSearchParams(window.location.hash.slice(1));
}

export function recall(part: Part): string {
  return parts().get(part) ?? "";
}

/** Keep a value without a new step of the browser's history; an empty one is forgotten. */
export function remember(part: Part, value: string): void {
  const all = parts();
  if (value === "") all.delete(part);
  else all.set(part, value);
  const hash = all.toString().replaceAll("%2F", "/");
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, "", pathname + search + (hash && `#${hash}`));
}

export function writeView(view: View): string {
  const [lon, lat] = view.center;
  return `${view.zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

/** The view of "zoom/lat/lon", the order map links are commonly written in; null if it is none. */
export function readView(text: string): View | null {
  const [zoom, lat, lon] = text.split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) {
    return null;
  }
  return { zoom, center: [lon, lat] };
}
