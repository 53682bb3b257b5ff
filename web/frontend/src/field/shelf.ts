/** What this device keeps (IndexedDB): rounds taken along, visits, photographs; each of one account. */

import type { Photo, Visit } from "./visits";

const NAME = "ovoo-field";
const VERSION = 2;
const CHANNEL = "ovoo-field";

export interface Term {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface Tie {
  readonly ordinal: number;
  readonly name: string;
  readonly azimuth_deg: number | null;
  readonly azimuth_kind: string | null;
  readonly distance_m: number | null;
}

export interface Marker {
  readonly id: number;
  readonly stop: number | null;
  readonly marker_no: string;
  readonly line_name: string | null;
  readonly kind: string | null;
  readonly material: string | null;
  readonly location: string | null;
  readonly position_description: string | null;
  readonly remark: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly tolerance_m: number | null;
  readonly condition: string | null;
  readonly verdict: string | null;
  readonly inspected_on: string | null;
  readonly ties: readonly Tie[];
  readonly seen_by: readonly string[];
}

/** A round as `/rounds/{id}/field.json` has it. */
export interface Bundle {
  readonly round: {
    readonly id: number;
    readonly name: string;
    readonly state: string;
    readonly due_on: string | null;
  };
  readonly parties: readonly { readonly code: string; readonly name: string }[];
  readonly crs: string;
  readonly taken_at: string;
  readonly marker_types: readonly Term[];
  readonly materials: readonly Term[];
  readonly conditions: readonly Term[];
  readonly methods: readonly Term[];
  readonly markers: readonly Marker[];
}

export interface TakenRound {
  readonly account: string;
  readonly id: number;
  readonly bundle: Bundle;
}

/** `pictures` are the bytes of `photos`, as the camera wrote them: read one at a time. */
export type Shelf = "rounds" | "visits" | "photos" | "pictures";

function ended<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(request.error ?? new Error("IndexedDB")); };
  });
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const made = request.result;
      // The first version was never given out.
      for (const old of [...made.objectStoreNames]) made.deleteObjectStore(old);
      made.createObjectStore("rounds", { keyPath: ["account", "id"] }).createIndex("account", "account");
      made.createObjectStore("visits", { keyPath: "client_id" }).createIndex("account", "account");
      const photos = made.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("account", "account");
      photos.createIndex("client_id", "client_id");
      made.createObjectStore("pictures", { keyPath: "id" });
    };
    request.onsuccess = () => {
      // Another tab with a newer version is not kept waiting.
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      resolve(request.result);
    };
    request.onerror = () => { opened = null; reject(request.error ?? new Error("IndexedDB")); };
  });
  return opened;
}

async function shelf(name: Shelf, mode: IDBTransactionMode = "readonly"): Promise<IDBObjectStore> {
  // Where the browser offers it, a write counts as done only when it is on the disk.
  const options = { durability: "strict" } as const;
  return (await database()).transaction(name, mode, options).objectStore(name);
}

const changes = new BroadcastChannel(CHANNEL);

/** Be told when something kept here has changed, by whichever page or worker. */
export function onChange(listener: (name: Shelf) => void): void {
  // A second channel of the same name hears what this page's own says.
  const ears = new BroadcastChannel(CHANNEL);
  ears.onmessage = (event: MessageEvent<Shelf>) => { listener(event.data); };
}

async function written(name: Shelf, act: (store: IDBObjectStore) => void): Promise<void> {
  const store = await shelf(name, "readwrite");
  const done = new Promise<void>((resolve, reject) => {
    const { transaction } = store;
    transaction.oncomplete = () => { resolve(); };
    transaction.onabort = () => { reject(transaction.error ?? new Error("IndexedDB")); };
  });
  act(store);
  await done;
  changes.postMessage(name);
}

async function all<T>(name: Shelf, index: string, key: IDBValidKey): Promise<T[]> {
  return ended((await shelf(name)).index(index).getAll(key)) as Promise<T[]>;
}

export const roundsOf = (account: string): Promise<TakenRound[]> => all("rounds", "account", account);
export const visitsOf = (account: string): Promise<Visit[]> => all("visits", "account", account);
export const photosOf = (account: string): Promise<Photo[]> => all("photos", "account", account);
export const photosOfVisit = (id: string): Promise<Photo[]> => all("photos", "client_id", id);

export async function readVisit(id: string): Promise<Visit | undefined> {
  return ended((await shelf("visits")).get(id)) as Promise<Visit | undefined>;
}

/**
 * Change a visit in one step that nothing comes between: `change` gives its next state, or null to
 * leave it. The visit as it is then kept; undefined where it is not there or was left.
 */
export async function changeVisit(
  id: string, change: (visit: Visit) => Visit | null,
): Promise<Visit | undefined> {
  let kept: Visit | undefined;
  await written("visits", (store) => {
    const read = store.get(id) as IDBRequest<Visit | undefined>;
    read.onsuccess = () => {
      const next = read.result === undefined ? null : change(read.result);
      if (next !== null) store.put(kept = next);
    };
  });
  return kept;
}

export const keepRound = (round: TakenRound): Promise<void> => written("rounds", (s) => s.put(round));
export const keepVisit = (visit: Visit): Promise<void> => written("visits", (s) => s.put(visit));
export const keepPhoto = (photo: Photo): Promise<void> => written("photos", (s) => s.put(photo));

/** Keep a photograph with its bytes: these first, so that none is ever named without them. */
export async function addPhoto(photo: Photo, bytes: ArrayBuffer): Promise<void> {
  await written("pictures", (store) => store.put({ id: photo.id, bytes }));
  await keepPhoto(photo);
}

/** The bytes of a photograph; undefined once the server has them. */
export async function pictureOf(id: string): Promise<ArrayBuffer | undefined> {
  const kept = (await ended((await shelf("pictures")).get(id))) as { bytes: ArrayBuffer } | undefined;
  return kept?.bytes;
}

export const dropPicture = (id: string): Promise<void> => written("pictures", (s) => s.delete(id));

export async function dropPhoto(id: string): Promise<void> {
  await written("photos", (store) => store.delete(id));
  await dropPicture(id);
}

export function dropRound(account: string, id: number): Promise<void> {
  return written("rounds", (store) => store.delete([account, id]));
}

export async function dropVisit(id: string): Promise<void> {
  for (const photo of await photosOfVisit(id)) await dropPhoto(photo.id);
  await written("visits", (store) => store.delete(id));
}

/** How many visits of other accounts wait on this device; what is in them is not read. */
export async function waitingOfOthers(account: string | null): Promise<number> {
  const visits = (await ended((await shelf("visits")).getAll())) as Visit[];
  return visits.filter((one) => one.account !== account && one.state !== "sent").length;
}

/** Forget all that is kept here, of every account. */
export async function forgetAll(): Promise<void> {
  for (const name of ["rounds", "visits", "photos", "pictures"] as const) await written(name, (store) => store.clear());
}
