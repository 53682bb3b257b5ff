/** How divisions, lines, markers and places are drawn. */

import type Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import type Geometry from "ol/geom/Geometry";
import MultiPolygon from "ol/geom/MultiPolygon";
import Point from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style, { type StyleFunction } from "ol/style/Style";
import Text from "ol/style/Text";
import type { Palette } from "./palette";
import { markerImage, STATES, stateOf } from "./symbols";
import { language } from "./texts";
import type { MarkerState } from "./types";

const FONT =
  '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';

/** Widths in pixels and dashes by level: the higher the level, the heavier the line. */
export const LINE_LEVELS: Readonly<Record<string, { width: number; dash: number[] }>> = {
  province: { width: 2.2, dash: [14, 4, 2, 4, 2, 4] },
  prefecture: { width: 1.6, dash: [10, 4, 2, 4] },
  county: { width: 1.1, dash: [6, 4] },
  township: { width: 0.8, dash: [2, 3] },
};

const CLEAR = "rgba(0, 0, 0, 0)";

interface DivisionLook {
  /** Width in pixels of the soft band along the edge. */
  readonly band: number;
  readonly font: string;
  /** Whether the letters of a Chinese name stand a little apart. */
  readonly spread: boolean;
}

const TOWNSHIP: DivisionLook = { band: 1, font: `400 11px ${FONT}`, spread: false };
const DIVISION_LEVELS: Readonly<Record<string, DivisionLook>> = {
  region: { band: 7, font: `600 17px ${FONT}`, spread: true },
  prefecture: { band: 4, font: `600 14px ${FONT}`, spread: true },
  county: { band: 2, font: `400 12px ${FONT}`, spread: false },
  township: TOWNSHIP,
};

function lookOf(level: string): DivisionLook {
  return DIVISION_LEVELS[level] ?? TOWNSHIP;
}

/** Between these resolutions (map units per pixel) a level's name is written. */
const NAMED: Readonly<Record<string, readonly [finest: number, coarsest: number]>> = {
  prefecture: [250, 6000],
  county: [20, 1100],
  township: [1, 90],
};

/** The name in the page's language, as far as there is one. */
export function displayName(feature: FeatureLike): string {
  const text = (key: string): string => String(feature.get(key) ?? "");
  const romanized = language() === "en" ? text("romanization") : "";
  return romanized || text("name") || text("marker_no") || text("code");
}

/** A point inside the largest part, so that a division of many parts is named once. */
function labelPoint(geometry: Geometry): Point | undefined {
  if (geometry instanceof Polygon) return geometry.getInteriorPoint();
  if (!(geometry instanceof MultiPolygon)) return undefined;
  const parts = geometry.getPolygons();
  const areas = parts.map((part) => part.getArea());
  return parts[areas.indexOf(Math.max(...areas))]?.getInteriorPoint();
}

const labelPoints = new WeakMap<Geometry, Point>();

function cachedLabelPoint(feature: FeatureLike): Point | undefined {
  const geometry = (feature as Feature).getGeometry();
  if (geometry === undefined) return undefined;
  const known = labelPoints.get(geometry);
  if (known !== undefined) return known;
  const point = labelPoint(geometry);
  if (point !== undefined) labelPoints.set(geometry, point);
  return point;
}

export function divisionStyle(palette: Palette): StyleFunction {
  return (feature) => {
    const level = String(feature.get("level"));
    const { band } = lookOf(level);
    const inside = feature.get("in_region") !== false;
    // Any filled polygon can be pointed at; only the coarsest level paints.
    const paint = level === "region" ? palette.land : CLEAR;
    return new Style({
      fill: new Fill({ color: inside ? paint : palette.neighbour }),
      stroke: new Stroke({ color: palette.band, width: inside ? band : 1 }),
      zIndex: band,
    });
  };
}

/** Names are a layer of their own, above the symbols. */
export function divisionNameStyle(palette: Palette): StyleFunction {
  const halo = new Stroke({ color: palette.halo, width: 3 });
  return (feature, resolution) => {
    const level = String(feature.get("level"));
    const [finest, coarsest] = NAMED[level] ?? [0, 0];
    const point = cachedLabelPoint(feature);
    if (point === undefined || resolution < finest || resolution > coarsest) return undefined;
    const { font, spread, band } = lookOf(level);
    const name = displayName(feature);
    const color = feature.get("in_region") === false ? palette.quiet : palette.text;
    const text = new Text({
      text: spread && language() === "zh" ? [...name].join("\u200A") : name,
      font,
      fill: new Fill({ color }),
      stroke: halo,
    });
    return new Style({ geometry: point, text, zIndex: band });
  };
}

export function lineStyle(palette: Palette): StyleFunction {
  const made = new Map<string, Style>();
  return (feature) => {
    const level = String(feature.get("level"));
    const known = made.get(level);
    if (known !== undefined) return known;
    const { width, dash } = LINE_LEVELS[level] ?? { width: 1, dash: [2, 3] };
    const stroke = new Stroke({ color: palette.boundary, width, lineDash: dash, lineCap: "butt" });
    const style = new Style({ stroke, zIndex: width });
    made.set(level, style);
    return style;
  };
}

/** From afar a marker that nobody has looked at is a dot, so that verdicts stand out. */
function markerRadius(resolution: number, state: MarkerState): number {
  if (resolution > 1500) return state === "never" ? 1.7 : 3.4;
  if (resolution > 300) return state === "never" ? 3.2 : 4.8;
  return 6.5;
}

export function markerStyle(palette: Palette): StyleFunction {
  const made = new Map<string, Style>();
  return (feature, resolution) => {
    const state = stateOf(feature.get("verdict"));
    const radius = markerRadius(resolution, state);
    const key = `${state} ${String(radius)}`;
    let style = made.get(key);
    if (style === undefined) {
      style = new Style({ image: markerImage(state, palette, radius), zIndex: STATES.indexOf(state) });
      made.set(key, style);
    }
    if (resolution > 40) return style;
    return [style, numberLabel(displayName(feature), palette)];
  };
}

function numberLabel(text: string, palette: Palette): Style {
  return new Style({
    text: new Text({
      text,
      font: `500 11px ${FONT}`,
      offsetY: 15,
      fill: new Fill({ color: palette.text }),
      stroke: new Stroke({ color: palette.halo, width: 3 }),
    }),
  });
}

/** A marker as a result of the report that is shown: larger, with a ring when it is chosen. */
export function resultStyle(state: MarkerState, palette: Palette, chosen: boolean): Style[] {
  const mark = new Style({ image: markerImage(state, palette, 7.5), zIndex: STATES.indexOf(state) });
  if (!chosen) return [mark];
  const stroke = new Stroke({ color: palette.select, width: 3 });
  return [new Style({ image: new CircleStyle({ radius: 15, stroke }), zIndex: 20 }), mark];
}

/** How early a name is written: what the server says, or else heritage before the rest. */
export function importance(feature: FeatureLike): number {
  const said: unknown = feature.get("importance");
  if (typeof said === "number") return said;
  return feature.get("heritage") ? 1 : 0;
}

export function placeStyle(palette: Palette): StyleFunction {
  const halo = new Stroke({ color: palette.halo, width: 3 });
  const dot = (color: string): CircleStyle =>
    new CircleStyle({ radius: 2.4, fill: new Fill({ color }), stroke: new Stroke({ color: palette.halo, width: 1 }) });
  const images = { plain: dot(palette.place), heritage: dot(palette.heritage) };
  return (feature) => {
    const heritage = !!feature.get("heritage");
    const rank = importance(feature);
    const text = new Text({
      text: displayName(feature),
      font: `${rank > 0 ? 500 : 400} ${rank > 0 ? 12.5 : 11.5}px ${FONT}`,
      textAlign: "left",
      offsetX: 6,
      fill: new Fill({ color: heritage ? palette.heritage : palette.place }),
      stroke: halo,
    });
    const image = heritage ? images.heritage : images.plain;
    return new Style({ image, text, zIndex: 10 + rank });
  };
}
