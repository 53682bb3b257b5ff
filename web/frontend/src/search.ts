/** The search box: an ARIA combobox with a list of hits (aria-activedescendant, focus stays in). */

import { recall, remember } from "./address";
import { h } from "./dom";
import { requestJson } from "./http";
import { asProblem } from "./problem";
import { label, t } from "./texts";
import type { SearchHit } from "./types";

const QUIET_MS = 180;
const LIMIT = 10;

interface SearchAnswer {
  features: SearchHit[];
}

export interface SearchParts {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  readonly status: HTMLElement;
}

/** How a box behaves: on the map it stays and shows; on a page it suggests and leads away. */
interface SearchManner {
  readonly asks: "/search" | "/suggest";
  /** The query is kept in the fragment, and Enter takes the first hit. */
  readonly stays: boolean;
}

const ON_MAP: SearchManner = { asks: "/search", stays: true };
export const ON_PAGE: SearchManner = { asks: "/suggest", stays: false };

function path(hit: SearchHit): string {
  const { division_path: divisions } = hit.properties;
  return Array.isArray(divisions) ? divisions.join(" › ") : (divisions ?? "");
}

/** Why it was found, where the name itself does not show it. */
function reason(hit: SearchHit): string | null {
  const { matched, name, pass } = hit.properties;
  const parts: string[] = [];
  if (matched && matched !== name) parts.push(t("search.matched", { text: matched }));
  if (pass && pass !== "exact") parts.push(label("pass", pass));
  return parts.length === 0 ? null : parts.join(" · ");
}

function option(hit: SearchHit, index: number): HTMLLIElement {
  const { name, category_name: category, heritage, status } = hit.properties;
  const why = reason(hit);
  const former = status && status !== "standard" ? label("status", status) : null;
  return h(
    "li",
    { role: "option", id: `hit-${String(index)}`, "aria-selected": "false" },
    h("span", { class: "hit-name" }, name),
    heritage ? h("span", { class: "tag heritage" }, t("search.heritage")) : null,
    former === null ? null : h("span", { class: "tag" }, former),
    category ? h("span", { class: "hit-kind" }, category) : null,
    h("span", { class: "hit-path" }, path(hit)),
    why === null ? null : h("span", { class: "hit-why" }, why),
  );
}

export class SearchBox {
  private hits: readonly SearchHit[] = [];
  private active = -1;
  private timer = 0;
  private abort: AbortController | null = null;
  private asked = "";

  constructor(
    private readonly parts: SearchParts,
    private readonly choose: (hit: SearchHit) => void,
    private readonly manner: SearchManner = ON_MAP,
  ) {
    const { form, input, list } = parts;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "listbox");
    this.listen(form, input, list);
    if (!manner.stays) return;
    input.value = recall("q");
    if (input.value !== "") void this.ask(input.value.trim());
  }

  private listen(form: HTMLFormElement, input: HTMLInputElement, list: HTMLElement): void {
    input.addEventListener("input", (event) => {
      // While a Chinese word is being composed its letters are not a query.
      if (!(event as InputEvent).isComposing) this.later();
    });
    input.addEventListener("compositionend", () => { this.later(); });
    input.addEventListener("keydown", (event) => {
      if (!event.isComposing) this.key(event);
    });
    input.addEventListener("focus", () => { if (this.hits.length > 0) this.open(true); });
    input.addEventListener("blur", () => { this.open(false); });
    list.addEventListener("pointerdown", (event) => { event.preventDefault(); }); // focus stays
    list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest("li[role=option]");
      if (row !== null) this.take([...list.children].indexOf(row));
    });
    form.addEventListener("submit", (event) => {
      if (!this.manner.stays && this.active === -1) return; // the page of results answers
      event.preventDefault();
      void this.submit();
    });
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(this.parts.input.value.trim()), QUIET_MS);
  }

  private async submit(): Promise<void> {
    window.clearTimeout(this.timer);
    const text = this.parts.input.value.trim();
    if (text !== this.asked || this.hits.length === 0) await this.ask(text);
    if (this.hits.length > 0) this.take(Math.max(this.active, 0));
  }

  private async ask(text: string): Promise<void> {
    this.abort?.abort();
    this.asked = text;
    if (this.manner.stays) remember("q", text);
    if (text === "") {
      this.show([], "");
      return;
    }
    const abort = new AbortController();
    this.abort = abort;
    const query = new URLSearchParams({ q: text, limit: String(LIMIT) });
    try {
      const answer = await requestJson<SearchAnswer>(`${this.manner.asks}?${query.toString()}`, { signal: abort.signal });
      const count = answer.features.length;
      if (this.asked !== text) return;
      this.show(answer.features, count === 0 ? t("search.none", { text }) : t("search.count", { count }));
    } catch (error) {
      if (abort.signal.aborted) return;
      this.show([], asProblem(error).message);
    }
  }

  private show(hits: readonly SearchHit[], status: string): void {
    this.hits = hits;
    this.parts.list.replaceChildren(...hits.map(option));
    this.parts.status.textContent = status;
    this.parts.status.classList.toggle("quiet", hits.length > 0);
    this.activate(-1);
    this.open(hits.length > 0 && document.activeElement === this.parts.input);
  }

  private open(open: boolean): void {
    this.parts.list.hidden = !open;
    this.parts.input.setAttribute("aria-expanded", String(open));
    if (!open) this.activate(-1);
  }

  private activate(index: number): void {
    this.active = index;
    const { input, list } = this.parts;
    [...list.children].forEach((row, at) => { row.setAttribute("aria-selected", String(at === index)); });
    const row = list.children[index];
    if (row === undefined) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    }
  }

  private step(by: number): void {
    const count = this.hits.length;
    if (count === 0) return;
    this.open(true);
    // From the box itself, down is the first hit and up the last.
    const from = this.active === -1 && by < 0 ? 0 : this.active;
    this.activate((from + by + count) % count);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.parts.list.hidden) this.clear();
      else this.open(false);
    }
  }

  private clear(): void {
    this.parts.input.value = "";
    void this.ask("");
  }

  private take(index: number): void {
    const hit = this.hits[index];
    if (hit === undefined) return;
    this.open(false);
    this.choose(hit);
  }
}
