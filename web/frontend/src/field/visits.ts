/** A visit to a marker on its way from a form to the server. Pure: no store, no network, no page. */

export const STATES = ["draft", "waiting", "sending", "sent", "refused"] as const;
export type VisitState = (typeof STATES)[number];

/** A position as the device told it: degrees of WGS 84, the radius that holds 95 % in metres. */
export interface Fix {
  readonly lon: number;
  readonly lat: number;
  readonly accuracy_95_m: number;
  /** ISO 8601 with its zone. */
  readonly fixed_at: string;
}

export interface VisitForm {
  condition: string;
  /** Local date and time of the inspection, as `datetime-local` has it. */
  observed: string;
  fix: Fix | null;
  position: string;
  crs: string;
  method: string;
  side: string;
  surveyor: string;
  proof: boolean;
  ties: Record<number, string>;
  remark: string;
}

export interface Fault {
  readonly column?: string | null;
  readonly zh?: string;
  readonly en?: string;
}

export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly field: string;
  readonly faults: readonly Fault[];
}

export interface Receipt {
  readonly submission: number;
  readonly received_at: string;
  readonly state: string;
  readonly result: {
    readonly verdict: string;
    readonly distance_m: number | null;
    readonly bearing_deg: number | null;
    readonly zh: string;
    readonly en: string;
  };
}

export interface Visit {
  /** Made once; the server knows the visit by it for ever. */
  readonly client_id: string;
  readonly account: string;
  readonly round_id: number;
  readonly marker_id: number;
  readonly marker_no: string;
  readonly lang: string;
  readonly created_at: string;
  state: VisitState;
  form: VisitForm;
  /** What was first sent, to the letter; sent again it is the same. Null while it may change. */
  body: string | null;
  attempts: number;
  receipt: Receipt | null;
  refusal: Refusal | null;
}

export interface Photo {
  readonly id: string;
  readonly client_id: string;
  readonly account: string;
  readonly marker_id: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  state: "kept" | "sending" | "sent" | "refused";
  refusal: Refusal | null;
}

/** A random UUID (version 4), also where a page that is not served safely has no `randomUUID`. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function two(number: number): string {
  return String(Math.abs(number)).padStart(2, "0");
}

/** A local moment as `datetime-local` has it. */
export function localMoment(moment: Date): string {
  const day = `${String(moment.getFullYear())}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** A local moment with its zone, ISO 8601; empty where it is none. */
export function zoned(local: string): string {
  const moment = new Date(local);
  if (local === "" || Number.isNaN(moment.getTime())) return "";
  const east = -moment.getTimezoneOffset();
  const zone = `${east < 0 ? "-" : "+"}${two(Math.trunc(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${localMoment(moment)}:${two(moment.getSeconds())}${zone}`;
}

export function emptyForm(now: Date, remembered: Partial<VisitForm> = {}): VisitForm {
  return {
    condition: "", observed: localMoment(now), fix: null, position: "", crs: "", method: "",
    side: "", surveyor: "", proof: false, ties: {}, remark: "", ...remembered,
  };
}

/** Whether its form is open: until it is put into the queue, and after it was refused. */
export function mayChange(visit: Visit): boolean {
  return visit.state === "draft" || visit.state === "refused";
}

/** Whether it can be taken out of the queue: until it is first sent, for then the server may have it. */
export function mayTakeBack(visit: Visit): boolean {
  return visit.state === "waiting" && visit.attempts === 0;
}

/** Whether it is to be sent; one found `sending` was left by a page that was closed meanwhile. */
export function isWaiting(visit: Visit): boolean {
  return visit.state === "waiting" || visit.state === "sending";
}

/** What keeps a form from being put into the queue: the field, and the code of what it needs. */
export function missing(form: VisitForm): { field: string; need: string }[] {
  const found = [];
  if (form.condition === "") found.push({ field: "condition", need: "condition" });
  if (zoned(form.observed) === "") found.push({ field: "observed_at", need: "observed" });
  // Coordinates without their method cannot be judged; a device says its own.
  if (form.fix === null && form.position.trim() !== "" && form.method === "") found.push({ field: "method", need: "method" });
  for (const [ordinal, text] of Object.entries(form.ties)) {
    if (text.trim() !== "" && !(metresTyped(text) > 0)) {
      found.push({ field: `tie${ordinal}_distance_m`, need: "distance" });
    }
  }
  return found;
}

/** A length as people type it: with a comma, with the unit behind it. */
export function metresTyped(text: string): number {
  const digits = text.normalize("NFKC").trim().replace(/\s*(m|米)$/i, "").replace(",", ".");
  return digits === "" ? NaN : Number(digits);
}

/** The JSON that is sent for a visit; what is blank is left out. */
export function bodyOf(visit: Visit, photos: readonly string[], device: string): string {
  const { form } = visit;
  const ties = Object.fromEntries(
    Object.entries(form.ties)
      .filter(([, text]) => text.trim() !== "")
      .map(([ordinal, text]) => [`tie${ordinal}_distance_m`, metresTyped(text)]),
  );
  const typed = form.fix === null ? { position: form.position, crs: form.crs } : { ...form.fix };
  const method = form.fix === null && form.position.trim() === "" ? "" : form.method;
  const all: Record<string, unknown> = {
    client_id: visit.client_id, marker_id: visit.marker_id, round_id: visit.round_id,
    observed_at: zoned(form.observed), condition: form.condition, ...typed, method,
    side: form.side, surveyor: form.surveyor, device, proof: form.proof, ...ties,
    remark: form.remark, photos: [...photos],
  };
  const said = Object.entries(all).filter(([, value]) =>
    !(value === false || (typeof value === "string" && value.trim() === "")
      || (Array.isArray(value) && value.length === 0)));
  return JSON.stringify(Object.fromEntries(said));
}

/** How many visits are in each state. */
export function counted(visits: readonly Visit[]): Record<VisitState, number> {
  const found = { draft: 0, waiting: 0, sending: 0, sent: 0, refused: 0 };
  for (const visit of visits) found[visit.state] += 1;
  return found;
}

/** What would be lost if the device forgot them. */
export function unsent(visits: readonly Visit[], photos: readonly Photo[]): number {
  return visits.filter((one) => one.state !== "sent").length
    + photos.filter((one) => one.state !== "sent"
      && visits.some((visit) => visit.client_id === one.client_id && visit.state === "sent")).length;
}

/** A marker's last visit of a round: the one that its row in the list shows. */
export function lastVisits(visits: readonly Visit[], round: number): Map<number, Visit> {
  const found = new Map<number, Visit>();
  for (const one of [...visits].sort((a, b) => a.created_at.localeCompare(b.created_at))) {
    if (one.round_id === round) found.set(one.marker_id, one);
  }
  return found;
}

/** The JSON of a problem (RFC 9457) as it is kept beside what was refused. */
export function refusalOf(status: number, body: unknown): Refusal {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof said[name] === "string" ? (said[name] as string) : "");
  const faults = Array.isArray(said["errors"]) ? (said["errors"] as Fault[]) : [];
  return { status, title: text("title"), detail: text("detail"), field: text("field"), faults };
}
