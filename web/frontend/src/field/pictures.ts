/** Photographs of a visit: their bytes are kept as the camera wrote them. */

import { h } from "../dom";
import { t } from "../texts";
import type { Desk } from "./desk";
import type { Ways } from "./home";
import { button, bytes, refusalBox } from "./parts";
import { dropPhoto, keepPhoto, keepVisit, photosOfVisit } from "./shelf";
import type { Photo, Visit } from "./visits";

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
      id: crypto.randomUUID(), client_id: visit.client_id, account: visit.account, marker_id: visit.marker_id,
      name: file.name, type: file.type, bytes: await file.arrayBuffer(), state: "kept", refusal: null,
    };
    try {
      await keepPhoto(photo);
      ways.say(t("field.photo_kept", { name: file.name }));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
      ways.say(t("field.photo_full", { name: file.name }));
    }
  }
  camera.value = "";
}

async function show(list: HTMLElement, visit: Visit): Promise<void> {
  for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
  const photos = await photosOfVisit(visit.client_id);
  list.replaceChildren(...photos.map((one) => {
    const source = URL.createObjectURL(new Blob([one.bytes], { type: one.type }));
    const drop = button(t("field.photo_drop"), () => void dropPhoto(one.id).then(() => show(list, visit)));
    drop.setAttribute("aria-label", t("field.photo_drop_named", { name: one.name }));
    return h("li", {}, h("img", { src: source, alt: one.name, width: 120, height: 90 }),
      h("span", { class: "hint" }, `${one.name} · ${bytes(one.bytes.byteLength)}`), drop,
      one.refusal === null ? null : refusalBox(one.refusal));
  }));
}
