/** Printing: the map on a landscape sheet, with scale, north arrow, day and source. */

import type OlMap from "ol/Map";
import { localMoment } from "./field/visits";
import { scaleResolution, scaleText } from "./measures";
import { fromView } from "./projection";
import { t } from "./texts";

const WAIT_MS = 8000;

/** Whether everything in view has been drawn; a slow tile is not waited for longer than 8 s. */
function drawn(map: OlMap): Promise<void> {
  return new Promise((resolve) => {
    const late = window.setTimeout(resolve, WAIT_MS);
    map.once("rendercomplete", () => {
      window.clearTimeout(late);
      resolve();
    });
    map.render();
  });
}

/**
 * Give the map the sheet's shape, print what is drawn then, and give it back its own.
 * With a scale the sheet has it in its middle, printed without "fit to page".
 */
export async function printMap(map: OlMap, scale: number | null): Promise<void> {
  const view = map.getView();
  const [center, resolution] = [view.getCenter(), view.getResolution()];
  document.body.classList.add("printing");
  map.updateSize();
  if (scale !== null && center !== undefined) {
    view.setResolution(scaleResolution(scale, fromView(center)[1]));
  }
  try {
    await drawn(map);
    window.print();
  } finally {
    document.body.classList.remove("printing");
    map.updateSize();
    view.setCenter(center);
    if (resolution !== undefined) view.setResolution(resolution);
  }
}

/** The heading of the sheet: what it shows, of which day, printed when. */
export function sheetTitle(day: string, scale: number | null): string {
  const printed = localMoment(new Date()).slice(0, 10);
  const said = t("print.sheet", { day: day === "" ? printed : day, printed });
  return scale === null ? said : `${said} · ${scaleText(scale)}`;
}
