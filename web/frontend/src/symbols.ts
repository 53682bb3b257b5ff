/** One shape for each state of a marker, on the map and in the legend: never told by colour alone. */

import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import type ImageStyle from "ol/style/Image";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import { h } from "./dom";
import type { Palette } from "./palette";
import { VERDICTS, type MarkerState } from "./types";

interface Shape {
  /** Corners; 0 is a circle. */
  readonly corners: number;
  readonly turn_rad: number;
  /** Inner radius of a star, as a share of the outer one. */
  readonly waist?: number;
  /** Size against the others, so that all look equally large. */
  readonly scale: number;
}

const SHAPES: Readonly<Record<MarkerState, Shape>> = {
  in_place: { corners: 0, turn_rad: 0, scale: 0.82 },
  suspect: { corners: 3, turn_rad: 0, scale: 1.2 },
  displaced: { corners: 4, turn_rad: 0, scale: 1.25 },
  cannot_tell: { corners: 4, turn_rad: Math.PI / 4, scale: 1.05 },
  resubmit: { corners: 4, turn_rad: Math.PI / 4, waist: 0.34, scale: 1.3 },
  never: { corners: 0, turn_rad: 0, scale: 0.72 },
};

/** What needs attention lies on top. */
export const STATES: readonly MarkerState[] = [
  "never", "in_place", "cannot_tell", "resubmit", "suspect", "displaced",
];

export function stateOf(verdict: unknown): MarkerState {
  return VERDICTS.find((known) => known === verdict) ?? "never";
}

/** A marker is never left out for a name. */
const declutterMode = "none";

export function markerImage(state: MarkerState, palette: Palette, radius_px: number): ImageStyle {
  const shape = SHAPES[state];
  const radius = radius_px * shape.scale;
  const hollow = state === "never";
  const fill = new Fill({ color: hollow ? palette.land : palette.states[state] });
  const stroke = new Stroke(
    hollow
      ? { color: palette.states.never, width: Math.max(1, radius_px / 4) }
      : { color: palette.halo, width: 1 },
  );
  if (shape.corners === 0) return new CircleStyle({ radius, fill, stroke, declutterMode });
  const star = shape.waist === undefined ? {} : { radius2: radius * shape.waist };
  return new RegularShape({
    points: shape.corners, radius, angle: shape.turn_rad, fill, stroke, declutterMode, ...star,
  });
}

/** The same sign for text; its shape and colour are in site.css. A word is always beside it. */
export function markerIcon(state: MarkerState): HTMLElement {
  return h("span", { class: `mark mark-${state}`, "aria-hidden": "true" });
}
