/** The interface texts, handed over by the page in its own language. */

export type Language = "zh" | "en";

let table: Readonly<Record<string, string>> = {};
let page = "zh";

/** Take the texts of the page: `data-lang` and the JSON of `data-texts` on one element. */
export function readTexts(holder: HTMLElement): void {
  page = holder.dataset["lang"] ?? "zh";
  table = JSON.parse(holder.dataset["texts"] ?? "{}") as Record<string, string>;
}

/** The language of the register's own words: English on English pages, else Chinese. */
export function language(): Language {
  return page === "en" ? "en" : "zh";
}

/** The page's language, of those that are installed (BCP 47). */
export function pageLanguage(): string {
  return page;
}

/** What keeps the page's language in an address of this service: empty for Chinese. */
export function langQuery(mark: "?" | "&" = "?"): string {
  return page === "zh" ? "" : `${mark}lang=${page}`;
}

/** The text of a key with `{name}` filled in; an unknown key comes back as it is. */
export function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = table[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

/** The text of a code such as a verdict; a code without a text is shown as it came. */
export function label(family: string, code: string): string {
  return table[`${family}.${code}`] ?? code;
}

/** The sentence in the page's language; the other language when it is missing. */
export function sentence(both: { readonly zh?: string; readonly en?: string }): string {
  const first = language() === "en" ? both.en : both.zh;
  return first || both.zh || both.en || "";
}
