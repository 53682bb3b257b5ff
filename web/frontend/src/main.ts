/** The map page: joins the map, the search box and the inspection upload. */

import "./map.css";
import "./panels.css";
import { byId, h } from "./dom";
import { Inspection } from "./inspection";
import { createMap } from "./map";
import { followPointer } from "./pointing";
import { asProblem } from "./problem";
import { SearchBox } from "./search";
import { MapStage } from "./stage";
import { readTexts, t } from "./texts";
import type { Result } from "./types";

/** Waits for the map; null when it cannot start, while search and upload still work. */
type Stage = Promise<MapStage | null>;

async function startMap(choose: (result: Result) => void): Promise<MapStage | null> {
  const target = byId("map", HTMLElement);
  try {
    const stage = new MapStage(await createMap(target), target, byId("map-key", HTMLElement));
    followPointer(stage.parts.map, target, stage.popup, (feature) => {
      if (stage.tools.measure.active) return true;
      const result = feature.get("result") as Result | undefined;
      if (result === undefined) return false;
      choose(result);
      return true;
    });
    return stage;
  } catch (error) {
    const problem = asProblem(error);
    const retry = h("button", { type: "button" }, t("map.retry"));
    retry.addEventListener("click", () => { window.location.reload(); });
    target.replaceChildren(
      h("div", { class: "problem", role: "alert" }, h("h2", {}, t("map.none")),
        h("p", {}, problem.title), h("p", {}, problem.detail), retry));
    return null;
  }
}

function startSearch(stage: Stage): void {
  const parts = {
    form: byId("search", HTMLFormElement),
    input: byId("q", HTMLInputElement),
    list: byId("hits", HTMLElement),
    status: byId("search-status", HTMLElement),
  };
  new SearchBox(parts, (hit) => void stage.then((map) => { map?.goTo(hit); }));
}

function startInspection(stage: Stage): Inspection {
  const parts = {
    section: byId("inspection", HTMLElement),
    form: byId("upload", HTMLFormElement),
    file: byId("file", HTMLInputElement),
    status: byId("upload-status", HTMLElement),
    output: byId("report", HTMLElement),
  };
  return new Inspection(parts, {
    show: (results) => void stage.then((map) => {
      map?.parts.map.updateSize(); // the report takes room from the map
      map?.show(results);
    }),
    filter: (verdicts) => void stage.then((map) => { map?.results.filter(verdicts); }),
    choose: (result) => void stage.then((map) => { map?.results.choose(result); }),
    committed: () => void stage.then((map) => { map?.refreshMarkers(); }),
  });
}

function start(): void {
  readTexts(byId("texts", HTMLElement));
  let inspection: Inspection | null = null;
  const stage: Stage = startMap((result) => {
    inspection?.mark(result);
    void stage.then((map) => { map?.results.choose(result); });
  });
  startSearch(stage);
  inspection = startInspection(stage);
}

start();
