/** Photographs of a visit: their bytes are kept as the camera wrote them. */

import { h } from "../dom";
import { t } from "../texts";
import type { Desk } from "./desk";
import type { Ways } from "./home";
import { button, bytes, refusalBox, stateBadge } from "./parts";
import { addPhoto, dropPhoto, keepVisit, photosOfVisit, pictureOf } from "./shelf";
import { mayChange, newId, type Photo, type Visit } from "./visits";

const KINDS = "image/jpeg,image/png,image/webp";

export function photoField(desk: Desk, ways: Ways, visit: Visit): HTMLElement {
  const list = h("ul", { class: "photos" });
  const camera = h("input", { type: "file", id: "at-photos", accept: KINDS, capture: "environment", multiple: true });
  camera.addEventListener("change", () => void add(camera, desk, ways, visit).then(() => show(list, visit)));
  void show(list, visit);
  return h("fieldset", {}, h("legend", {}, t("field.photos")),
    h("p", { class: "field" }, h("label", { for: "at-photos" }, t("field.photo_add")), camera), list);
}

async function add(camera: HTMLInputElement, desk: Desk, ways: Ways, visit: Visit): Promise<void> {
  await keepVisit(visit); // a photograph belongs to a visit that is kept
  for (const file of camera.files ?? []) {
    if (file.size > desk.largestPhoto) {
      ways.say(t("field.photo_large", { name: file.name, size: bytes(file.size), most: bytes(desk.largestPhoto) }));
      continue;
    }
    const photo: Photo = {
      id: newId(), client_id: visit.client_id, account: visit.account, marker_id: visit.marker_id,
      name: file.name, type: file.type, size: file.size, state: "kept", refusal: null,
    };
    try {
      await addPhoto(photo, await file.arrayBuffer());
      ways.say(t("field.photo_kept", { name: file.name }));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
      ways.say(t("field.photo_full", { name: file.name }));
    }
  }
  camera.value = "";
}

/** The photographs of a visit that is on its way or there; one that was refused may be taken off. */
export function sentPhotos(visit: Visit): HTMLElement {
  const list = h("ul", { class: "photos" });
  void show(list, visit);
  return list;
}

async function show(list: HTMLElement, visit: Visit): Promise<void> {
  for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
  const photos = await photosOfVisit(visit.client_id);
  list.replaceChildren(...await Promise.all(photos.map((one) => item(one, list, visit))));
}

async function item(one: Photo, list: HTMLElement, visit: Visit): Promise<HTMLElement> {
  const held = await pictureOf(one.id);
  const picture = held === undefined ? null
    : h("img", { src: URL.createObjectURL(new Blob([held], { type: one.type })), alt: one.name, width: 120, height: 90 });
  const drop = button(t("field.photo_drop"), () => void dropPhoto(one.id).then(() => show(list, visit)));
  drop.setAttribute("aria-label", t("field.photo_drop_named", { name: one.name }));
  return h("li", {}, picture, h("span", { class: "hint" }, `${one.name} · ${bytes(one.size)}`),
    mayChange(visit) ? null : stateBadge(one.state === "kept" ? "waiting" : one.state),
    mayChange(visit) || one.state === "refused" ? drop : null,
    one.refusal === null ? null : refusalBox(one.refusal));
}
