/** Pages beside the map: the search box suggests what is being typed, and large files are sent in parts. */

import { byId } from "./dom";
import { ON_PAGE, SearchBox } from "./search";
import { langQuery, readTexts } from "./texts";
import type { SearchHit } from "./types";
import { UploadPage } from "./uploading";

/** The page of a hit, in the reader's language; the hits page where it has none of its own. */
function entryAddress(hit: SearchHit & { links?: { rel: string; href: string }[] }): string | null {
  const own = hit.links?.find((one) => one.rel === "self");
  if (own === undefined) return null;
  const address = new URL(own.href, window.location.href);
  return `${address.pathname}${langQuery()}`;
}

function start(): void {
  const parts = {
    form: byId("search", HTMLFormElement),
    input: byId("q", HTMLInputElement),
    list: byId("hits", HTMLElement),
    status: byId("search-status", HTMLElement),
  };
  new SearchBox(parts, (hit) => {
    const address = entryAddress(hit);
    if (address !== null) window.location.assign(address);
  }, ON_PAGE);
}

if (document.getElementById("texts") !== null) {
  readTexts(byId("texts", HTMLElement));
  if (document.getElementById("search") !== null) start();
  if (document.getElementById("upload") !== null) {
    new UploadPage((address) => { window.location.assign(address); });
  }
}
