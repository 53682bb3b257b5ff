import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { h } from "../src/dom";
import { Inspection, type InspectionParts, type ReportStage } from "../src/inspection";
import { answer, pause, report, speak } from "./helpers";

let parts: InspectionParts;
let stage: ReportStage;
let requests: { url: string; init: RequestInit }[];
let respond: (url: string) => Promise<Response>;

beforeEach(() => {
  window.location.hash = "";
  speak("zh", { "problem.network": "连不上服务器", "problem.413": "文件太大" });
  const file = h("input", { type: "file" });
  const form = h("form", {}, file);
  const status = h("div");
  const output = h("div");
  const section = h("section", {}, form, status);
  document.body.replaceChildren(section, output);
  parts = { section, form, file, status, output };
  stage = { show: vi.fn(), filter: vi.fn(), choose: vi.fn(), committed: vi.fn() };
  requests = [];
  respond = () => Promise.resolve(answer(report()));
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return respond(url);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.className = "";
});

async function drop(): Promise<void> {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files: [new File(["a"], "a.csv")] } });
  parts.section.dispatchEvent(event);
  await pause();
}

it("sends a dropped file as multipart and shows its report", async () => {
  new Inspection(parts, stage);
  await drop();
  expect(requests[0]).toMatchObject({ url: "/submissions", init: { method: "POST" } });
  expect(((requests[0]?.init.body as FormData).get("file") as File).name).toBe("a.csv");
  expect(parts.output.querySelector("h2")?.textContent).toBe("a.csv");
  expect(window.location.hash).toBe("#submission=12");
  expect(stage.show).toHaveBeenCalledOnce();
});

it("commits, and then has nothing left to commit", async () => {
  new Inspection(parts, stage);
  await drop();
  respond = () => Promise.resolve(answer(report({ state: "committed" })));
  parts.output.querySelector<HTMLButtonElement>(".primary")?.click();
  await pause();
  expect(requests[1]).toMatchObject({ url: "/submissions/12/commit", init: { method: "POST" } });
  expect(parts.output.querySelector(".primary")).toBeNull();
  expect(stage.committed).toHaveBeenCalledOnce();
});

it("says why a file was refused", async () => {
  respond = () => Promise.resolve(answer("", 413, "text/html"));
  new Inspection(parts, stage);
  await drop();
  expect(parts.status.querySelector("[role=alert]")?.textContent).toBe("文件太大");
});

it("keeps the preview when the connection is lost, so that commit can be tried again", async () => {
  new Inspection(parts, stage);
  await drop();
  respond = () => Promise.reject(new TypeError("Failed to fetch"));
  parts.output.querySelector<HTMLButtonElement>(".primary")?.click();
  await pause();
  expect(parts.status.textContent).toContain("连不上服务器");
  expect(stage.committed).not.toHaveBeenCalled();
  expect(parts.output.querySelector<HTMLButtonElement>(".primary")?.disabled).toBe(false);
});

it("shows the report again that the address names", async () => {
  window.location.hash = "#submission=12";
  new Inspection(parts, stage);
  await pause();
  expect(requests[0]?.url).toBe("/submissions/12");
  expect(parts.output.querySelector(".report")).not.toBeNull();
});

it("leads from a file refused for its columns to their choice, without a second upload", async () => {
  new Inspection(parts, stage);
  const refusal = { title: "文件无法读取", detail: "缺少桩号列", status: 422, submission: 7 };
  respond = () => Promise.resolve(answer(refusal, 422));
  await drop();
  expect(parts.status.querySelector("a")?.getAttribute("href")).toBe("/submissions/7#column-choice");
});
