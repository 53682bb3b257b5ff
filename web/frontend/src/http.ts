/** Requests to our own server, in the page's language. */

import { Problem, problemOf } from "./problem";
import { language, t } from "./texts";

const LOCALES = { zh: "zh-CN, zh;q=0.9, en;q=0.5", en: "en, zh-CN;q=0.5" } as const;
const JSON_TYPES = "application/geo+json, application/json, application/problem+json";

/** One request with the page's language and its session's mark. */
export function request(url: string, init: RequestInit = {}, more: Record<string, string> = {}): Promise<Response> {
  const mark = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  const headers = {
    Accept: JSON_TYPES,
    "Accept-Language": LOCALES[language()],
    ...(mark ? { "X-CSRF-Token": mark } : {}),
    ...more,
  };
  return fetch(url, { ...init, headers });
}

/** The JSON answer of one request. Throws `Problem`, or what `fetch` throws. */
export async function requestJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await request(url, init);
  if (!response.ok) throw await problemOf(response);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(t("problem.not_json"), "");
    throw error;
  }
}
