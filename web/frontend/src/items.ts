/** Items of a published collection, page after page. */

import type { Feature, Geometry } from "geojson";
import { ownAddress, requestJson } from "./http";
import type { ItemsPage } from "./types";

export interface ItemsQuery {
  readonly collection: string;
  readonly filters?: Readonly<Record<string, string>>;
  /** Pages read at most for one box. */
  readonly maxPages: number;
}

export interface Items {
  readonly features: readonly Feature<Geometry | null>[];
  /** False when more were left on the server. */
  readonly complete: boolean;
}

export const PAGE_LIMIT = 1000;

/** The address of the first page. `bbox` is lon, lat, lon, lat in CRS84. */
export function itemsAddress(query: ItemsQuery, bbox: readonly number[]): string {
  const parameters = new URLSearchParams({
    ...query.filters,
    bbox: bbox.map((value) => value.toFixed(5)).join(","),
    limit: String(PAGE_LIMIT),
  });
  return `/collections/${query.collection}/items?${parameters.toString()}`;
}

/** Read the first page and those its `next` links name, at most `maxPages`. */
export async function fetchItems(
  query: ItemsQuery,
  bbox: readonly number[],
  signal: AbortSignal,
): Promise<Items> {
  const features: Feature<Geometry | null>[] = [];
  let address: string | undefined = itemsAddress(query, bbox);
  for (let page = 0; address !== undefined && page < query.maxPages; page += 1) {
    const answer: ItemsPage = await requestJson<ItemsPage>(address, { signal });
    features.push(...answer.features);
    const next = answer.links?.find((link) => link.rel === "next");
    address = next && ownAddress(next.href);
  }
  return { features, complete: address === undefined };
}
