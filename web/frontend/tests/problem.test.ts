import { beforeEach, expect, it } from "vitest";
import { asProblem, problemOf } from "../src/problem";
import { answer, speak } from "./helpers";

const PROBLEM = "application/problem+json";

beforeEach(() => {
  speak("zh", {
    "problem.413": "文件太大", "problem.other": "服务器答复 {status}", "problem.row": "第 {row} 行",
    "problem.network": "连不上服务器", "problem.network_hint": "请重试",
  });
});

it("shows title, detail and each fault with its place", async () => {
  const body = {
    title: "文件内容有问题", detail: "2 处",
    errors: [
      { row: 3, column: "经度", rule: "经度应为数字", hint: "写成 111.7" },
      { field: "bbox", zh: "四个数字", en: "four numbers" },
    ],
  };
  const problem = await problemOf(answer(body, 422, PROBLEM));
  expect(problem).toMatchObject({
    title: "文件内容有问题", detail: "2 处", status: 422,
    items: ["第 3 行 · 经度: 经度应为数字 写成 111.7", "bbox: 四个数字"],
  });
});

it("speaks the page's language where a problem has both", async () => {
  speak("en");
  const problem = await problemOf(answer({ title: "Bad", detail: "", zh: "坏", en: "bad" }, 400, PROBLEM));
  expect(problem.detail).toBe("bad");
});

it("finds words for an answer that is no problem document", async () => {
  expect((await problemOf(answer("<h1>413</h1>", 413, "text/html"))).title).toBe("文件太大");
  expect((await problemOf(answer("", 418, "text/plain"))).title).toBe("服务器答复 418");
  expect((await problemOf(answer("{cut", 413, PROBLEM))).title).toBe("文件太大");
});

it("knows a lost connection", () => {
  expect(asProblem(new TypeError("Failed to fetch"))).toMatchObject({ title: "连不上服务器", detail: "请重试" });
});
