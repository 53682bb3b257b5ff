/** The JSON that the server answers with, as far as this page reads it. */

import type { Feature, Geometry } from "geojson";

export type LonLat = readonly [lon: number, lat: number];
export type Box = [minLon: number, minLat: number, maxLon: number, maxLat: number];

export const VERDICTS = ["in_place", "suspect", "displaced", "cannot_tell", "resubmit"] as const;
type Verdict = (typeof VERDICTS)[number];
/** What a marker's symbol says: its last verdict, or that nobody has looked yet. */
export type MarkerState = Verdict | "never";

export interface CollectionDescription {
  extent?: { spatial?: { bbox?: number[][] } };
  attribution?: string;
}

interface SearchProperties {
  name: string;
  matched?: string | null;
  pass?: string | null;
  division_path?: string | string[] | null;
  category_name?: string | null;
  heritage?: boolean | null;
  status?: string | null;
}

export type SearchHit = Feature<Geometry | null, SearchProperties>;

/** A sentence for people in both languages. */
interface Sentence {
  zh: string;
  en: string;
}

export interface Fault extends Sentence {
  code: string;
  row: number | null;
  column: string | null;
  value: unknown;
}

export interface Finding extends Sentence {
  code: string;
}

interface Ellipse {
  semi_major_m: number;
  semi_minor_m: number;
  azimuth_deg: number;
  confidence: number;
}

export interface Result extends Sentence {
  row: number;
  marker_id: number | null;
  marker_no: string | null;
  match: string;
  condition: string | null;
  verdict: string;
  registered: LonLat | null;
  observed: LonLat | null;
  distance_m: number | null;
  bearing_deg: number | null;
  /** What the diagnosed cause explains of the vector, and what is left of it. */
  predicted_east_m?: number | null;
  predicted_north_m?: number | null;
  remaining_east_m?: number | null;
  remaining_north_m?: number | null;
  tolerance_m: number | null;
  tolerance_source?: string | null;
  mdd_m: number | null;
  ellipse: Ellipse | null;
  synthetic: boolean;
  proposal: Sentence | null;
}

export interface Report {
  id: number;
  state: string;
  sha256: string;
  file_name: string;
  received_at: string;
  row_count: number;
  summary: Record<string, number>;
  faults: Fault[];
  findings: Finding[];
  results: Result[];
  columns?: { field: string | null }[];
  corrections?: { row: number }[];
}
