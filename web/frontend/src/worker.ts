/**
 * The service worker of the field page: keeps what the page is made of, and nothing else.
 *
 * Every part is fetched anew with each version (a hash of them all, which the server writes above
 * this script) and answered from there, so that page, script and style always fit together. Other
 * addresses, and above all other pages and their records, are never kept: they pass untouched.
 */

import { deviceName, Sender } from "./field/sending";
import * as keeper from "./field/shelf";

interface Shell {
  readonly version: string;
  readonly pages: readonly string[];
  readonly files: readonly string[];
}

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Syncing extends Lasting {
  readonly tag: string;
}

interface WorkerScope {
  readonly OVOO_SHELL: Shell;
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "sync", listener: (event: Syncing) => void): void;
}

const scope = self as unknown as WorkerScope;
const shell = scope.OVOO_SHELL;
const PREFIX = "ovoo-field-";
const CACHE = PREFIX + shell.version;
const PAGE = "/field";
const SYNC = "ovoo-field-send";

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all([...shell.pages, ...shell.files].map(async (address) => {
    const headers = address.startsWith("/static/") ? {} : { Accept: "text/html, application/manifest+json" };
    const response = await fetch(address, { cache: "reload", redirect: "error", headers });
    if (!response.ok) throw new Error(`${String(response.status)} ${address}`);
    await cache.put(address, response);
  }));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** The page in the first of some languages that it is kept in; in Chinese where it is in none. */
function pageFor(wanted: readonly string[]): string {
  for (const one of wanted) {
    const kept = shell.pages.find((page) => `${PAGE}?lang=${one}-`.startsWith(`${page}-`));
    if (kept !== undefined) return kept;
  }
  return `${PAGE}?lang=zh`;
}

/** The address under which a request is kept; null where it is none of the page's parts. */
function keptAs(request: Request): string | null {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return null;
  if (url.pathname === PAGE && request.mode === "navigate") {
    const asked = url.searchParams.get("lang");
    const wanted = asked === null ? navigator.languages : [asked, ...navigator.languages];
    return pageFor(wanted);
  }
  const address = url.pathname + url.search;
  return shell.files.includes(address) ? address : null;
}

async function answer(request: Request, address: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  return kept ?? fetch(request);
}

scope.addEventListener("install", (event) => { event.waitUntil(install()); });
scope.addEventListener("activate", (event) => { event.waitUntil(activate()); });
scope.addEventListener("fetch", (event) => {
  const address = keptAs(event.request);
  if (address !== null) event.respondWith(answer(event.request, address));
});
scope.addEventListener("sync", (event) => {
  if (event.tag !== SYNC) return;
  const sender = new Sender(keeper, deviceName(), () => null);
  event.waitUntil(sender.send().then((outcome) => {
    // A failed sync is tried again by the browser; nobody signed in is for a person to mend.
    if (outcome.kind === "offline" || outcome.kind === "later") throw new Error(outcome.kind);
  }));
});
