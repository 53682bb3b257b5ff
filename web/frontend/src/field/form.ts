/** A visit's form: filled in at the marker, kept with every change, put into the queue when done. */

import { h } from "../dom";
import { inverse } from "../geodesy";
import { displacement } from "../measures";
import { label, language, sentence, t } from "../texts";
import type { Desk } from "./desk";
import { NoFix, takeFix } from "./fixing";
import type { Ways } from "./home";
import { button, confirmed, moment, receiptBox, refusalBox, stateBadge } from "./parts";
import { photoField, sentPhotos } from "./pictures";
import { changeVisit, dropVisit, keepVisit, readVisit, type Marker, type TakenRound, type Term, type Tie } from "./shelf";
import { emptyForm, mayChange, mayTakeBack, missing, newId, type Visit, type VisitForm } from "./visits";

const REMEMBERED = "ovoo-field-remembered-";
const SYSTEMS = ["CGCS2000", "WGS84", "西安80", "北京54"] as const;

/** Begin a visit; what the surveyor said of oneself the last time is filled in. */
export function beginVisit(desk: Desk, round: TakenRound, marker: Marker): Visit {
  const now = new Date();
  const kept = JSON.parse(localStorage.getItem(REMEMBERED + (desk.account ?? "")) ?? "{}") as Partial<VisitForm>;
  const parties = round.bundle.parties.map((one) => one.code);
  const own = parties.find((code) => desk.divisions.includes(code));
  const side = kept.side !== undefined && parties.includes(kept.side) ? kept.side : (own ?? "");
  return {
    client_id: newId(), account: desk.account ?? "", round_id: round.id,
    marker_id: marker.id, marker_no: marker.marker_no, lang: language(), created_at: now.toISOString(),
    state: "draft", form: emptyForm(now, { side, surveyor: kept.surveyor ?? desk.account ?? "" }),
    body: null, attempts: 0, receipt: null, refusal: null,
  };
}

function remember(account: string, form: VisitForm): void {
  localStorage.setItem(REMEMBERED + account, JSON.stringify({ side: form.side, surveyor: form.surveyor }));
}

export function visitScreen(desk: Desk, ways: Ways, round: TakenRound, marker: Marker, visit: Visit): HTMLElement {
  const open = mayChange(visit);
  return h("div", { class: "visit" },
    h("p", {}, h("a", { class: "back", href: `#/r/${String(round.id)}` }, t("field.back_to", { name: round.bundle.round.name }))),
    markerFacts(marker, round),
    h("p", { class: "visit-state" }, stateBadge(visit.state), " ",
      h("span", { class: "hint" }, open ? t("field.saved_here") : label("visit_told", visit.state))),
    visit.refusal === null ? null : refusalBox(visit.refusal),
    receiptBox(visit),
    open ? new Form(desk, ways, round, marker, visit).element : said(visit, round),
    open ? null : sentPhotos(visit),
    open ? null : again(desk, ways, round, marker, visit));
}

function again(desk: Desk, ways: Ways, round: TakenRound, marker: Marker, visit: Visit): HTMLElement | null {
  if (mayTakeBack(visit)) {
    return h("div", { class: "acts" }, button(t("field.change"), () => {
      const back = changeVisit(visit.client_id, (one) => (mayTakeBack(one) ? { ...one, state: "draft" } : null));
      void back.then(() => desk.read());
    }));
  }
  if (visit.state !== "sent") return null;
  return h("div", { class: "acts" },
    h("a", { class: "button large primary", href: nextOf(round, marker) }, t("field.next")),
    button(t("field.again"), () => {
      const made = beginVisit(desk, round, marker);
      void keepVisit(made).then(() => { ways.go(`#/v/${made.client_id}`); });
    }));
}

function nextOf(round: TakenRound, marker: Marker): string {
  const { markers } = round.bundle;
  const next = markers[markers.findIndex((one) => one.id === marker.id) + 1];
  return next === undefined ? `#/r/${String(round.id)}` : `#/r/${String(round.id)}/m/${String(next.id)}`;
}

/** A visit that is on its way or there, to be read. */
function said(visit: Visit, round: TakenRound): HTMLElement {
  const { form } = visit;
  const condition = round.bundle.conditions.find((one) => one.code === form.condition);
  return h("dl", { class: "facts" },
    fact(t("field.condition"), condition === undefined ? form.condition : sentence(condition)),
    fact(t("field.observed"), form.observed.replace("T", " ")),
    fact(t("field.position"), form.fix === null ? form.position : fixText(form.fix)),
    fact(t("field.remark"), form.remark));
}

function fact(name: string, value: string | null): HTMLElement | null {
  return value === null || value === "" ? null : h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function markerFacts(marker: Marker, round: TakenRound): HTMLElement {
  const place = marker.lon === null || marker.lat === null ? t("field.place_closed")
    : `${marker.lon.toFixed(7)}°, ${marker.lat.toFixed(7)}° (${systemName(round.bundle.crs)})`;
  const last = marker.inspected_on === null ? t("field.never_seen")
    : t("field.last_seen", { day: marker.inspected_on, condition: marker.condition === null ? "" : label("condition", marker.condition) });
  return h("details", { class: "panel about", open: true },
    h("summary", {}, t("field.about")),
    h("dl", { class: "facts" },
      fact(t("field.line"), marker.line_name),
      fact(t("field.kind"), termOf(round.bundle.marker_types, marker.kind)),
      fact(t("field.material"), termOf(round.bundle.materials, marker.material)),
      fact(t("field.reference"), place),
      fact(t("field.located"), marker.position_description ?? marker.location),
      fact(t("field.last"), last),
      ...marker.ties.map((tie) => fact(t("field.tie", { ordinal: tie.ordinal }), tieText(tie)))));
}

/** What surveyors call the usual system of a store; another by its code. */
function systemName(crs: string): string {
  return crs === "EPSG:4490" ? "CGCS2000" : crs;
}

/** The word of a code; a code without one as it came. */
function termOf(terms: readonly Term[], code: string | null): string | null {
  const found = terms.find((one) => one.code === code);
  return found === undefined ? code : sentence(found);
}

function tieText(tie: Tie): string {
  const kind = tie.azimuth_kind === null ? "" : label("azimuth", tie.azimuth_kind);
  const azimuth = tie.azimuth_deg === null ? "" : `${tie.azimuth_deg.toFixed(1)}° ${kind}`;
  const distance = tie.distance_m === null ? "" : `${tie.distance_m.toFixed(2)} m`;
  return [tie.name, azimuth.trim(), distance].filter((part) => part !== "").join(" · ");
}

function fixText(fix: NonNullable<VisitForm["fix"]>): string {
  return t("field.fix", {
    lon: fix.lon.toFixed(7), lat: fix.lat.toFixed(7),
    accuracy: fix.accuracy_95_m.toFixed(fix.accuracy_95_m < 10 ? 1 : 0), at: moment(fix.fixed_at),
  });
}

/** The form of a visit that may still be changed. */
class Form {
  readonly element: HTMLFormElement;
  private readonly place = h("div", { class: "fix", role: "status" });

  constructor(
    private readonly desk: Desk,
    private readonly ways: Ways,
    private readonly round: TakenRound,
    private readonly marker: Marker,
    private readonly visit: Visit,
  ) {
    this.element = h("form", { class: "visit-form", novalidate: true, "aria-label": t("field.form", { number: marker.marker_no }) },
      this.conditions(), this.positions(), this.ties(), this.photos(), this.rest(),
      h("div", { class: "acts" },
        h("button", { type: "submit", class: "large primary" }, t("field.done")),
        button(t("field.discard"), () => void this.discard(), "danger")));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.done();
    });
    this.mark();
  }

  private get form(): VisitForm {
    return this.visit.form;
  }

  /** Keep every change at once: a tablet may be switched off at any moment. */
  private async keep(changes: Partial<VisitForm>): Promise<void> {
    Object.assign(this.visit.form, changes);
    await keepVisit(this.visit);
  }

  private conditions(): HTMLElement {
    const choices = this.round.bundle.conditions.map((one) => {
      const box = h("input", { type: "radio", name: "condition", value: one.code, checked: one.code === this.form.condition });
      box.addEventListener("change", () => void this.keep({ condition: one.code }));
      return h("label", { class: "tile" }, box, h("span", {}, sentence(one)));
    });
    return h("fieldset", { id: "at-condition", tabindex: -1 }, h("legend", {}, t("field.condition")), h("div", { class: "tiles" }, ...choices));
  }

  private positions(): HTMLElement {
    this.showFix();
    const take = button(t("field.locate"), () => void this.locate(), "primary");
    const position = this.text("position", t("field.position_typed"), t("field.position_hint"));
    const system = this.choice("crs", t("field.system"), SYSTEMS.map((one) => ({ code: one, zh: one, en: one })), t("field.system_own", { crs: systemName(this.round.bundle.crs) }));
    const method = this.choice("method", t("field.method"), this.round.bundle.methods, t("field.method_own"));
    const typed = h("details", { open: this.form.position !== "" }, h("summary", {}, t("field.type_position")), position, system, method);
    return h("fieldset", { id: "at-lon", tabindex: -1 }, h("legend", {}, t("field.position")), take, this.place, typed);
  }

  private async locate(): Promise<void> {
    this.place.replaceChildren(h("p", {}, t("field.locating")));
    try {
      await this.keep({ fix: await takeFix(), position: "", crs: "" });
      this.showFix();
    } catch (error) {
      if (!(error instanceof NoFix)) throw error;
      this.place.replaceChildren(h("p", { class: "notice tone-warn" }, label("nofix", error.why)));
    }
  }

  private showFix(): void {
    const { fix } = this.form;
    if (fix === null) {
      this.place.replaceChildren(h("p", { class: "hint" }, t("field.no_fix")));
      return;
    }
    const { lon, lat } = this.marker;
    const away = lon === null || lat === null ? null : inverse([lon, lat], [fix.lon, fix.lat]);
    this.place.replaceChildren(
      h("p", {}, h("b", {}, fixText(fix))),
      ...(away === null ? [] : [h("p", { class: "hint" }, t("field.away", { vector: displacement(away.distance_m, away.azimuth_deg, language()) }))]),
      button(t("field.drop_fix"), () => void this.keep({ fix: null }).then(() => { this.showFix(); })));
  }

  private ties(): HTMLElement | null {
    if (this.marker.ties.length === 0) return null;
    return h("fieldset", {}, h("legend", {}, t("field.ties")),
      ...this.marker.ties.slice(0, 3).map((tie) => {
        const id = `tie${String(tie.ordinal)}_distance_m`;
        const input = h("input", { id: `at-${id}`, inputmode: "decimal", autocomplete: "off", value: this.form.ties[tie.ordinal] ?? "" });
        input.addEventListener("input", () => void this.keep({ ties: { ...this.form.ties, [tie.ordinal]: input.value } }));
        return h("p", { class: "field" }, h("label", { for: `at-${id}` }, t("field.tie_distance", { name: tie.name })), input);
      }));
  }

  private photos(): HTMLElement {
    return photoField(this.desk, this.ways, this.visit);
  }

  private rest(): HTMLElement {
    const observed = h("input", { id: "at-observed_at", type: "datetime-local", value: this.form.observed });
    observed.addEventListener("change", () => void this.keep({ observed: observed.value }));
    const proof = h("input", { type: "checkbox", id: "at-proof", checked: this.form.proof });
    proof.addEventListener("change", () => void this.keep({ proof: proof.checked }));
    const remark = h("textarea", { id: "at-remark", rows: 3, maxlength: 4000 });
    remark.value = this.form.remark;
    remark.addEventListener("input", () => void this.keep({ remark: remark.value }));
    const parties = this.round.bundle.parties.map((one) => ({ code: one.code, zh: one.name, en: one.name }));
    return h("fieldset", {}, h("legend", {}, t("field.more")),
      h("p", { class: "field" }, h("label", { for: "at-remark" }, t("field.remark")), remark),
      h("p", { class: "check" }, proof, h("label", { for: "at-proof" }, t("field.proof"))),
      this.choice("side", t("field.side"), parties, t("field.side_none")),
      this.text("surveyor", t("field.surveyor"), ""),
      h("p", { class: "field" }, h("label", { for: "at-observed_at" }, t("field.observed")), observed));
  }

  private text(name: "position" | "surveyor", text: string, hint: string): HTMLElement {
    const input = h("input", { id: `at-${name}`, autocomplete: "off", maxlength: 400, value: this.form[name], "aria-describedby": hint === "" ? null : `hint-${name}` });
    input.addEventListener("input", () => {
      void this.keep({ [name]: input.value, ...(name === "position" ? { fix: null } : {}) });
      if (name === "position") this.showFix();
    });
    return h("p", { class: "field" }, h("label", { for: `at-${name}` }, text), input,
      hint === "" ? null : h("span", { class: "hint", id: `hint-${name}` }, hint));
  }

  private choice(name: "crs" | "method" | "side", text: string, terms: readonly { code: string; zh: string; en: string }[], none: string): HTMLElement {
    const select = h("select", { id: `at-${name}` }, h("option", { value: "" }, none),
      ...terms.map((one) => h("option", { value: one.code, selected: one.code === this.form[name] }, sentence(one))));
    select.addEventListener("change", () => void this.keep({ [name]: select.value }));
    return h("p", { class: "field" }, h("label", { for: `at-${name}` }, text), select);
  }

  /** Put the server's sentences where they belong. */
  private mark(): void {
    const refusal = this.visit.refusal;
    if (refusal === null) return;
    const faults = refusal.faults.length > 0 ? refusal.faults
      : [{ column: refusal.field, zh: refusal.detail, en: refusal.detail }];
    for (const one of faults) this.fault(one.column ?? "", sentence(one));
  }

  private fault(field: string, text: string): HTMLElement | null {
    const at = this.element.querySelector<HTMLElement>(`#at-${CSS.escape(field)}`);
    if (at === null) return null;
    const id = `fault-${field}`;
    this.element.querySelector(`#${CSS.escape(id)}`)?.remove();
    at.setAttribute("aria-invalid", "true");
    at.setAttribute("aria-describedby", id);
    const said = h("span", { class: "field-fault", id }, text);
    if (at instanceof HTMLFieldSetElement) {
      at.removeAttribute("aria-invalid");
      at.querySelector("legend")?.after(said);
    } else {
      at.after(said);
    }
    return at;
  }

  private async done(): Promise<void> {
    if (!mayChange(this.visit)) return; // pressed twice
    for (const old of this.element.querySelectorAll(".field-fault")) old.remove();
    const faults = missing(this.form);
    const [first] = faults.map((one) => this.fault(one.field, label("visit_need", one.need)));
    if (faults.length > 0) {
      this.ways.say(t("field.not_done", { count: faults.length }));
      first?.focus();
      return;
    }
    remember(this.visit.account, this.form);
    Object.assign(this.visit, { state: "waiting", refusal: null, body: null, attempts: 0 });
    await keepVisit(this.visit);
    this.ways.say(t("field.queued", { number: this.visit.marker_no }));
    this.ways.go(`#/r/${String(this.round.id)}`);
    void this.desk.sendSoon();
  }

  private async discard(): Promise<void> {
    if (!(await confirmed(t("field.discard_ask", { number: this.visit.marker_no }), t("field.discard")))) return;
    if (await readVisit(this.visit.client_id)) await dropVisit(this.visit.client_id);
    this.ways.go(`#/r/${String(this.round.id)}`);
  }
}
