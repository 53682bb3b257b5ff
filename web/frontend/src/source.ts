/** Vector sources that read a collection by the box in view. */

import type { Extent } from "ol/extent";
import type OlFeature from "ol/Feature";
import VectorSource from "ol/source/Vector";
import { fetchItems, type ItemsQuery } from "./items";
import { cellSize, clampBox, snapExtent } from "./measures";
import { boxFromView, geojson } from "./projection";

export type LoadState = "loading" | "complete" | "partial" | "failed";
type Report = (state: LoadState) => void;

/** One box being read. OpenLayers wants exactly one of `success` and `failure` for each. */
interface Job {
  readonly extent: Extent;
  readonly abort: AbortController;
  readonly success: () => void;
  readonly failure: () => void;
}

const QUIET_MS = 160;
/** After a failure the same box is asked for again only so much later. */
const RETRY_MS = 5000;

class BoxReader {
  readonly source: VectorSource;
  private job: Job | null = null;
  private timer = 0;
  /** A box of which the server held more than was read, and its cell size. */
  private partial: { extent: Extent; cell: number } | null = null;

  constructor(
    private readonly query: ItemsQuery,
    private readonly report: Report,
  ) {
    this.source = new VectorSource({
      strategy: (extent, resolution) => {
        this.forgetPartial(cellSize(resolution));
        return [snapExtent(extent, resolution)];
      },
      loader: (extent, resolution, _projection, success, failure) => {
        this.cancel();
        const job = {
          extent,
          abort: new AbortController(),
          success: () => success?.([]),
          failure: () => failure?.(),
        };
        this.job = job;
        // The view is still moving: only the box it comes to rest in is read.
        this.timer = window.setTimeout(() => void this.run(job, cellSize(resolution)), QUIET_MS);
      },
    });
  }

  /** What was cut off is asked for again, in a smaller box, once the view has come closer. */
  private forgetPartial(cell: number): void {
    if (this.partial === null || cell >= this.partial.cell) return;
    this.source.removeLoadedExtent(this.partial.extent);
    this.partial = null;
  }

  private cancel(): void {
    if (this.job === null) return;
    const { extent, abort, failure } = this.job;
    this.job = null;
    window.clearTimeout(this.timer);
    abort.abort();
    this.source.removeLoadedExtent(extent);
    failure();
  }

  private async run(job: Job, cell: number): Promise<void> {
    this.report("loading");
    let state: LoadState;
    try {
      state = await this.read(job);
    } catch {
      state = "failed"; // said on the map; also the end of a cancelled job, which says nothing
    }
    if (this.job !== job) return;
    this.job = null;
    this.report(state);
    if (state === "failed") {
      job.failure();
      this.retryLater(job.extent);
      return;
    }
    if (state === "partial") this.partial = { extent: job.extent, cell };
    job.success();
  }

  private async read(job: Job): Promise<LoadState> {
    const box = clampBox(boxFromView(job.extent));
    const items = await fetchItems(this.query, box, job.abort.signal);
    const fresh = items.features.filter(
      (item) => item.id === undefined || this.source.getFeatureById(item.id) === null,
    );
    this.source.addFeatures(fresh.map((item) => geojson.readFeature(item) as OlFeature));
    return items.complete ? "complete" : "partial";
  }

  private retryLater(extent: Extent): void {
    window.setTimeout(() => {
      this.source.removeLoadedExtent(extent);
      this.source.changed();
    }, RETRY_MS);
  }
}

/** A source that loads as the view moves; `report` hears how it stands. */
export function collectionSource(query: ItemsQuery, report: Report): VectorSource {
  return new BoxReader(query, report).source;
}
