import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sendInParts, unfinished } from "../src/parts";
import { speak } from "./helpers";

const SIZE = 2_500_000;
const file = new File([new Uint8Array(SIZE)], "巡查.csv", { lastModified: 5 });
const watcher = { progress: vi.fn(), lost: vi.fn() };
let server: { received: number; known: boolean; begun: number; heads: number };
let trouble: (method: string) => Response | null;

function told(status: number, more: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { "Upload-Offset": String(server.received), ...more } });
}

beforeEach(() => {
  speak("zh", {});
  localStorage.clear();
  server = { received: 0, known: false, begun: 0, heads: 0 };
  trouble = () => null;
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    const failed = trouble(method);
    if (failed !== null) return failed.status === 299 ? Promise.reject(new TypeError("lost")) : Promise.resolve(failed);
    const headers = init.headers as Record<string, string>;
    if (method === "POST") {
      server = { ...server, received: 0, known: true, begun: server.begun + 1 };
      expect(headers["Upload-Length"]).toBe(String(SIZE));
      return Promise.resolve(told(201, { Location: "http://localhost:3000/uploads/abc" }));
    }
    expect(url).toBe("/uploads/abc");
    if (!server.known) return Promise.resolve(told(404));
    if (method === "HEAD") server.heads += 1;
    else {
      expect(headers["Upload-Offset"]).toBe(String(server.received));
      server.received += (init.body as Blob).size;
    }
    return Promise.resolve(told(method === "HEAD" ? 200 : 204));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

/** The first of some requests fails as said; status 299 stands for a lost connection. */
function failing(method: string, status: number, after = 0): void {
  let seen = 0;
  trouble = (asked) => {
    if (asked !== method) return null;
    seen += 1;
    return seen === after + 1 ? new Response(null, { status }) : null;
  };
}

const send = (): Promise<string> => sendInParts(file, new AbortController().signal, watcher);

it("sends a file in parts and says how far it is", async () => {
  expect(await send()).toBe("abc");
  expect(server.received).toBe(SIZE);
  expect(watcher.progress.mock.calls.map(([sent]) => sent as number)).toEqual([0, 1e6, 2e6, SIZE]);
  expect(watcher.lost).not.toHaveBeenCalled();
});

it("asks how far it is and goes on when the connection is lost", async () => {
  failing("PATCH", 299, 1);
  expect(await send()).toBe("abc");
  expect(watcher.lost).toHaveBeenCalledOnce();
  expect(server).toMatchObject({ received: SIZE, begun: 1, heads: 2 });
});

it("waits for a server that is busy", async () => {
  failing("PATCH", 503);
  expect(await send()).toBe("abc");
  expect(server.begun).toBe(1);
});

it("goes on after a reload, and begins anew where the server has forgotten", async () => {
  failing("PATCH", 413, 1);
  await expect(send()).rejects.toMatchObject({ status: 413 });
  expect(unfinished()).toEqual(["巡查.csv"]);
  trouble = () => null;
  expect(await send()).toBe("abc");
  expect(server).toMatchObject({ received: SIZE, begun: 1 });
  server.known = false;
  await send();
  expect(server.begun).toBe(2);
});

it("forgets what is more than a day old", async () => {
  await send();
  vi.setSystemTime(Date.now() + 86_400_001);
  expect(unfinished()).toEqual([]);
});

it("stops when it is given up", async () => {
  trouble = (method) => (method === "PATCH" ? new Response(null, { status: 299 }) : null);
  const abort = new AbortController();
  const sending = sendInParts(file, abort.signal, { progress: vi.fn(), lost: () => { abort.abort(); } });
  await expect(sending).rejects.toThrow();
});
