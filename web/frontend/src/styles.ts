/** How divisions, lines, markers and places are drawn. */

import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
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

/** Whether the features of a collection are drawn. */
export type Shown = (collection: string) => boolean;

/** Divisions and lines: what lies flat and is drawn once for each tile. */
export function flatStyle(palette: Palette, shown: Shown): StyleFunction {
  const divisions = divisionStyle(palette);
  const lines = lineStyle(palette);
  return (feature, resolution) => {
    const collection = String(feature.get("layer"));
    if (!shown(collection)) return undefined;
    if (collection === "divisions") return divisions(feature, resolution);
    return collection === "lines" ? lines(feature, resolution) : undefined;
  };
}

/** Symbols and names. */
export function symbolStyle(palette: Palette, shown: Shown): StyleFunction {
  const styles: Readonly<Record<string, StyleFunction>> = {
    divisions_labels: divisionNameStyle(palette),
    places: placeStyle(palette),
    markers: markerStyle(palette),
    signs: signStyle(palette),
    heritage: heritageStyle(palette),
  };
  return (feature, resolution) => {
    const layer = String(feature.get("layer"));
    const collection = layer === "divisions_labels" ? "divisions" : layer;
    return shown(collection) ? styles[layer]?.(feature, resolution) : undefined;
  };
}

function divisionStyle(palette: Palette): StyleFunction {
  const made = new Map<string, Style>();
  return (feature) => {
    const level = String(feature.get("level"));
    const inside = feature.get("in_region") !== false;
    const key = `${level} ${String(inside)}`;
    let style = made.get(key);
    if (style === undefined) {
      const { band } = lookOf(level);
      // Any filled polygon can be pointed at; only the coarsest level paints.
      const paint = level === "region" ? palette.land : CLEAR;
      style = new Style({
        fill: new Fill({ color: inside ? paint : palette.neighbour }),
        stroke: new Stroke({ color: palette.band, width: inside ? band : 1 }),
        zIndex: band,
      });
      made.set(key, style);
    }
    return style;
  };
}

/** Names stand above the symbols of all that they compete with. */
const NAMES_FIRST = 100;

function divisionNameStyle(palette: Palette): StyleFunction {
  const halo = new Stroke({ color: palette.halo, width: 3 });
  return (feature, resolution) => {
    const level = String(feature.get("level"));
    const [finest, coarsest] = NAMED[level] ?? [0, 0];
    if (resolution < finest || resolution > coarsest) return undefined;
    const { font, spread, band } = lookOf(level);
    const name = displayName(feature);
    const color = feature.get("in_region") === false ? palette.quiet : palette.text;
    const text = new Text({
      text: spread && language() === "zh" ? [...name].join("\u200A") : name,
      font,
      fill: new Fill({ color }),
      stroke: halo,
    });
    return new Style({ text, zIndex: NAMES_FIRST + band });
  };
}

function lineStyle(palette: Palette): StyleFunction {
  const made = new Map<string, Style>();
  return (feature) => {
    const level = String(feature.get("level"));
    const known = made.get(level);
    if (known !== undefined) return known;
    const { width, dash } = LINE_LEVELS[level] ?? { width: 1, dash: [2, 3] };
    const stroke = new Stroke({ color: palette.boundary, width, lineDash: dash, lineCap: "butt" });
    // Above every band of the divisions.
    const style = new Style({ stroke, zIndex: 10 + width });
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

function markerStyle(palette: Palette): StyleFunction {
  const made = new Map<string, Style>();
  return (feature, resolution) => {
    const state = stateOf(feature.get("verdict"));
    const radius = markerRadius(resolution, state);
    const key = `${state} ${String(radius)}`;
    let style = made.get(key);
    if (style === undefined) {
      const image = markerImage(state, palette, radius);
      style = new Style({ image, zIndex: STATES.indexOf(state) });
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

/** How early a name is written: what the server says, from 0 to 255. */
export function importance(feature: FeatureLike): number {
  const said: unknown = feature.get("importance");
  return typeof said === "number" ? said : 0;
}

/** Names of one step of importance are drawn together; each step costs a pass. */
const STEP = 16;

function dot(palette: Palette, color: string, radius: number): CircleStyle {
  const stroke = new Stroke({ color: palette.halo, width: 1 });
  return new CircleStyle({ radius, fill: new Fill({ color }), stroke });
}

function placeStyle(palette: Palette): StyleFunction {
  const halo = new Stroke({ color: palette.halo, width: 3 });
  const colors = {
    plain: new Fill({ color: palette.place }), heritage: new Fill({ color: palette.heritage }),
  };
  const images = {
    plain: dot(palette, palette.place, 2.4), heritage: dot(palette, palette.heritage, 2.4),
  };
  return (feature) => {
    const kind = feature.get("heritage") ? "heritage" : "plain";
    const rank = Math.floor(importance(feature) / STEP);
    const large = rank > 4;
    const text = new Text({
      text: displayName(feature),
      font: large ? `500 12.5px ${FONT}` : `400 11.5px ${FONT}`,
      textAlign: "left",
      offsetX: 6,
      fill: colors[kind],
      stroke: halo,
    });
    return new Style({ image: images[kind], text, zIndex: 10 + rank });
  };
}

/** A sign is a small board on its post. */
function signStyle(palette: Palette): StyleFunction {
  const image = new RegularShape({
    points: 4, angle: Math.PI / 4, radius: 4.4, scale: [1.25, 0.8],
    fill: new Fill({ color: palette.sign }), stroke: new Stroke({ color: palette.halo, width: 1 }),
  });
  const wrong = new RegularShape({
    points: 4, angle: Math.PI / 4, radius: 5.6, scale: [1.25, 0.8],
    fill: new Fill({ color: palette.states.suspect }),
    stroke: new Stroke({ color: palette.halo, width: 1 }),
  });
  const styles = [new Style({ image, zIndex: 8 }), new Style({ image: wrong, zIndex: 9 })] as const;
  return (feature) => (feature.get("text_state") === "wrong" ? styles[1] : styles[0]);
}

/** A heritage name is a star, larger for the higher lists. */
function heritageStyle(palette: Palette): StyleFunction {
  const star = (radius: number): RegularShape => new RegularShape({
    points: 5, radius, radius2: radius * 0.45, fill: new Fill({ color: palette.heritage }),
    stroke: new Stroke({ color: palette.halo, width: 1 }),
  });
  const high = new Style({ image: star(8.5), zIndex: 31 });
  const plain = new Style({ image: star(6.5), zIndex: 30 });
  return (feature) =>
    ["national", "region"].includes(String(feature.get("list_level"))) ? high : plain;
}
