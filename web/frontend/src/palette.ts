/** The colours of the map: the CSS variables of the page, so that light and dark come from one place. */

import type { MarkerState } from "./types";

export interface Palette {
  readonly land: string;
  readonly neighbour: string;
  readonly band: string;
  readonly boundary: string;
  readonly text: string;
  readonly quiet: string;
  readonly halo: string;
  readonly place: string;
  readonly heritage: string;
  readonly sign: string;
  readonly select: string;
  readonly states: Readonly<Record<MarkerState, string>>;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim() || "#777777";
  return {
    land: read("map-land"),
    neighbour: read("map-neighbour"),
    band: read("map-band"),
    boundary: read("map-boundary"),
    text: read("map-text"),
    quiet: read("map-quiet"),
    halo: read("map-halo"),
    place: read("map-place"),
    heritage: read("map-heritage"),
    sign: read("chart-1"),
    select: read("map-select"),
    states: {
      in_place: read("in-place-mark"),
      suspect: read("suspect-mark"),
      displaced: read("displaced-mark"),
      cannot_tell: read("cannot-tell-mark"),
      resubmit: read("resubmit-mark"),
      never: read("never-mark"),
    },
  };
}

/** Call back when the person's system turns light or dark. */
export function onThemeChange(callback: () => void): void {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}
