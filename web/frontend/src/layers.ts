/**
 * The layers of the map, all from one set of vector tiles. What lies flat (divisions, lines) is
 * drawn once for each tile; symbols and names are a layer of their own, where they may give way.
 */

import MVT from "ol/format/MVT";
import VectorTileLayer from "ol/layer/VectorTile";
import type OlMap from "ol/Map";
import VectorTileSource from "ol/source/VectorTile";
import type { StyleFunction } from "ol/style/Style";
import { createXYZ } from "ol/tilegrid";
import type { Palette } from "./palette";
import { flatStyle, symbolStyle, type Shown } from "./styles";

export const GROUPS = ["divisions", "lines", "markers", "signs", "places", "heritage"] as const;
export type Group = (typeof GROUPS)[number];

/** The deepest level that the server draws, of tiles 512 pixels wide. */
const DEEPEST = 18;
const TILE_PX = 512;

/** The address of a tile: as things are, or as they were on a day. */
function tileAddress(day: string): string {
  const asked = day === "" ? "" : `?datetime=${day}`;
  return `/tiles/WebMercatorQuad/{z}/{y}/{x}${asked}`;
}

export type LoadState = "loading" | "complete" | "failed";

export class TileLayers {
  readonly source: VectorTileSource;
  readonly flat: VectorTileLayer;
  readonly symbols: VectorTileLayer;
  private readonly hidden = new Set<string>();
  private day = "";

  constructor(palette: Palette, report: (state: LoadState) => void) {
    this.source = new VectorTileSource({
      format: new MVT(),
      tileGrid: createXYZ({ tileSize: TILE_PX, maxZoom: DEEPEST }),
      url: tileAddress(""),
      // What a write has changed is asked for again; the rest is answered by its tag.
      cacheSize: 256,
    });
    const common = { source: this.source, preload: 0 };
    this.flat = new VectorTileLayer({ ...common, style: this.flatBy(palette), zIndex: 1 });
    this.symbols = new VectorTileLayer({
      ...common, style: this.symbolsBy(palette), zIndex: 50, declutter: "names",
    });
    for (const layer of [this.flat, this.symbols]) layer.set("collection", "tiles");
    this.watch(report);
  }

  paint(palette: Palette): void {
    this.flat.setStyle(this.flatBy(palette));
    this.symbols.setStyle(this.symbolsBy(palette));
  }

  isShown(group: Group): boolean {
    return !this.hidden.has(group);
  }

  show(group: Group, shown: boolean): void {
    if (shown) this.hidden.delete(group);
    else this.hidden.add(group);
    this.flat.changed();
    this.symbols.changed();
  }

  hiddenGroups(): string[] {
    return [...this.hidden];
  }

  /** Show a day (yyyy-mm-dd); empty shows the present. */
  setDay(day: string): void {
    if (day === this.day) return;
    this.day = day;
    this.source.setUrl(tileAddress(day));
  }

  /** Read the tiles anew: something has been written. */
  refresh(): void {
    this.source.setUrl(tileAddress(this.day));
    this.source.refresh();
  }

  addTo(map: OlMap): void {
    map.addLayer(this.flat);
    map.addLayer(this.symbols);
  }

  private flatBy(palette: Palette): StyleFunction {
    return flatStyle(palette, this.isVisible);
  }

  private symbolsBy(palette: Palette): StyleFunction {
    return symbolStyle(palette, this.isVisible);
  }

  private readonly isVisible: Shown = (collection) => !this.hidden.has(collection);

  private watch(report: (state: LoadState) => void): void {
    let waiting = 0;
    let failed = false;
    const ended = (): void => {
      waiting = Math.max(0, waiting - 1);
      if (waiting === 0) {
        report(failed ? "failed" : "complete");
        failed = false;
      }
    };
    this.source.on("tileloadstart", () => {
      waiting += 1;
      report("loading");
    });
    this.source.on("tileloadend", ended);
    this.source.on("tileloaderror", () => {
      failed = true;
      ended();
    });
  }
}
