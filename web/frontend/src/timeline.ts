/** The day that the map shows: the present, or any day since the first of October 1949. */

import { h } from "./dom";
import { t } from "./texts";

const FIRST_YEAR = 1949;
const EMPTY = "";

/** Whether a text is a day of the calendar: `2023-02-31` would be read as the third of March. */
export function isDay(text: string): boolean {
  const read = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(NaN);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
}

/** A slider of years and a field for the very day; `show` hears the day, empty for the present. */
export function timeline(initial: string, show: (day: string) => void): HTMLElement {
  const present = new Date().getFullYear();
  const slider = h("input", {
    type: "range", id: "map-year", min: FIRST_YEAR, max: present, step: 1, class: "map-year",
    "aria-describedby": "map-day-said",
  });
  const field = h("input", { type: "date", id: "map-day", min: `${FIRST_YEAR}-10-01` });
  const now = h("button", { type: "button", class: "plain" }, t("time.present"));
  const said = h("output", { id: "map-day-said", class: "hint", role: "status" });

  const tell = (day: string): void => {
    slider.value = day === EMPTY ? String(present) : day.slice(0, 4);
    slider.setAttribute("aria-valuetext", day === EMPTY ? t("time.present") : day);
    field.value = day;
    said.textContent = day === EMPTY ? t("time.said_present") : t("time.said", { day });
    now.disabled = day === EMPTY;
  };
  const choose = (day: string): void => {
    tell(day);
    show(day);
  };
  slider.addEventListener("input", () => {
    tell(slider.value === String(present) ? EMPTY : `${slider.value}-12-31`);
  });
  slider.addEventListener("change", () => { choose(field.value); });
  field.addEventListener("change", () => { if (field.value === "" || isDay(field.value)) choose(field.value); });
  now.addEventListener("click", () => { choose(EMPTY); });
  tell(isDay(initial) ? initial : EMPTY);
  if (isDay(initial)) show(initial);
  return h("div", { class: "tool tool-time" },
    h("label", { for: "map-year" }, t("time.year")), slider,
    h("div", { class: "tool-row" }, h("label", { for: "map-day" }, t("time.day")), field, now), said);
}
