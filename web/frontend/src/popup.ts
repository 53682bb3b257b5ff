/** What is known of a feature, in a small window on the map. */

import type { FeatureLike } from "ol/Feature";
import type OlMap from "ol/Map";
import Overlay from "ol/Overlay";
import { h } from "./dom";
import { requestJson } from "./http";
import { asProblem } from "./problem";
import { displayName } from "./styles";
import { stateOf } from "./symbols";
import { label, language, t } from "./texts";

/** Shown in the heading or elsewhere, or of no use to a reader. */
const HIDDEN = new Set(["geometry", "name", "marker_no", "verdict", "synthetic", "version", "in_region"]);
/** Properties whose values are codes, and the family of their texts. */
const CODED = new Map([
  ["condition", "condition"], ["kind", "kind"], ["level", "level"], ["material", "material"],
  ["method", "method"], ["status", "status"], ["survey_method", "method"], ["verdict", "verdict"],
]);
const LONGEST = 12;

/** A property's value as text; null for what is not worth a line. */
function valueText(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (Array.isArray(value)) {
    return value.some((one) => typeof one === "object") ? null : value.map(String).join(" · ");
  }
  if (typeof value === "object") return null;
  const text = typeof value === "number" ? String(Number(value.toPrecision(12))) : String(value);
  const family = CODED.get(name);
  return family === undefined ? text : label(family, text);
}

export function propertyList(properties: Readonly<Record<string, unknown>>): HTMLElement {
  const rows = Object.entries(properties)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => [name, valueText(name, value)] as const)
    .filter((row): row is readonly [string, string] => row[1] !== null)
    .slice(0, LONGEST);
  const list = h("dl", { class: "facts" });
  for (const [name, text] of rows) {
    list.append(h("div", {}, h("dt", {}, label("property", name)), h("dd", {}, text)));
  }
  return list;
}

export function verdictBadge(verdict: unknown): HTMLElement {
  const state = stateOf(verdict);
  return h("span", { class: `badge badge-${state}` }, label("verdict", state));
}

export function syntheticNote(): HTMLElement {
  return h("p", { class: "synthetic" }, t("synthetic"));
}

/** Collections whose records have a page of their own, and the property that names it. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ["divisions", "code"], ["lines", "id"], ["markers", "id"], ["heritage", "id"],
]);

/** The page of a record. */
function pageAddress(collection: string, id: number | string, feature: FeatureLike): string {
  const named = PAGES.get(collection);
  const own = named === undefined ? undefined : named === "id" ? id : feature.get(named) as unknown;
  const path = own === undefined || own === null
    ? `/collections/${collection}/items/${encodeURIComponent(String(id))}`
    : `/${collection}/${encodeURIComponent(String(own))}`;
  return `${path}?f=html&lang=${language()}`;
}

const MONGOLIAN = /[\u1800-\u18AF]/u;

interface NameForm {
  readonly text: string;
  readonly kind?: string | null;
}

/** Every name of a place; Mongolian stands upright, in columns. */
function nameList(names: unknown): HTMLElement | null {
  if (!Array.isArray(names) || names.length === 0) return null;
  const forms = names as readonly NameForm[];
  return h("ul", { class: "popup-names" }, ...forms.slice(0, LONGEST).map(({ text, kind }) =>
    h("li", {},
      MONGOLIAN.test(text) ? h("span", { class: "mongolian", lang: "mn-Mong" }, text) : text,
      kind ? h("span", { class: "popup-kind" }, ` ${label("kind", kind)}`) : null)));
}

interface Item {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What tiles say, until the record itself has come. */
function content(feature: FeatureLike, collection: string): HTMLElement {
  const id = feature.getId();
  const facts = h("div", { class: "popup-facts", "aria-busy": "true" }, propertyList(tileFacts(feature)));
  const body = h(
    "div",
    { class: "popup-body" },
    h("p", { class: "popup-kind" }, t(`collection.${collection}`)),
    h("h2", {}, displayName(feature)),
    collection === "markers" ? verdictBadge(feature.get("verdict")) : null,
    facts,
    id === undefined ? null : h("p", {}, h("a", { href: pageAddress(collection, id, feature) }, t("popup.more"))),
  );
  if (id !== undefined) void complete(facts, collection, id);
  return body;
}

function tileFacts(feature: FeatureLike): Readonly<Record<string, unknown>> {
  const { layer: _layer, importance: _importance, ...facts } = feature.getProperties();
  return facts;
}

/** Read the record; where that fails, what the tile says stays and the failure is said. */
async function complete(facts: HTMLElement, collection: string, id: number | string): Promise<void> {
  try {
    const item = await requestJson<Item>(`/collections/${collection}/items/${String(id)}`);
    facts.replaceChildren(
      ...[
        item.properties["synthetic"] ? syntheticNote() : null,
        nameList(item.properties["names"]),
        propertyList(item.properties),
      ].filter((one) => one !== null));
  } catch (error) {
    facts.append(h("p", { class: "hint" }, asProblem(error).title));
  } finally {
    facts.removeAttribute("aria-busy");
  }
}

export class Popup {
  private readonly overlay: Overlay;
  private readonly body = h("div");

  constructor(private readonly map: OlMap) {
    const close = h("button", { type: "button", class: "popup-close", "aria-label": t("popup.close") }, "×");
    close.addEventListener("click", () => { this.close(); });
    const element = h("div", { class: "popup", role: "dialog", "aria-label": t("popup.title") }, close, this.body);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.overlay = new Overlay({
      element,
      positioning: "bottom-center",
      offset: [0, -12],
      autoPan: { animation: { duration: 200 }, margin: 24 },
    });
    map.addOverlay(this.overlay);
  }

  show(feature: FeatureLike, collection: string, coordinate: number[]): void {
    this.showElement(content(feature, collection), coordinate);
  }

  showElement(element: HTMLElement, coordinate: number[]): void {
    this.body.replaceChildren(element);
    this.overlay.setPosition(coordinate);
  }

  hide(): void {
    this.overlay.setPosition(undefined);
  }

  /** Closed by its reader: the focus goes back to the map. */
  private close(): void {
    this.hide();
    this.map.getTargetElement()?.focus({ preventScroll: true });
  }
}
