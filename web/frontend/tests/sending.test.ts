import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Sender, type Keeper } from "../src/field/sending";
import { emptyForm, type Photo, type Visit } from "../src/field/visits";
import { answer } from "./helpers";

const SESSION = { account: "survey", csrf_token: "mark", divisions: [], theme: "auto", version: "1", largest_photo_bytes: 1 };

/** A shelf in memory that, like the real one, gives copies and keeps copies. */
class Memory implements Keeper {
  readonly visits = new Map<string, Visit>();
  readonly photos = new Map<string, Photo>();
  readonly pictures = new Map<string, ArrayBuffer>();

  visitsOf = (account: string): Promise<Visit[]> =>
    Promise.resolve(structuredClone([...this.visits.values()].filter((one) => one.account === account)));

  photosOf = (account: string): Promise<Photo[]> =>
    Promise.resolve(structuredClone([...this.photos.values()].filter((one) => one.account === account)));

  keepVisit = (visit: Visit): Promise<void> => {
    this.visits.set(visit.client_id, structuredClone(visit));
    return Promise.resolve();
  };

  keepPhoto = (photo: Photo): Promise<void> => {
    this.photos.set(photo.id, structuredClone(photo));
    return Promise.resolve();
  };

  pictureOf = (id: string): Promise<ArrayBuffer | undefined> => Promise.resolve(this.pictures.get(id));

  dropPicture = (id: string): Promise<void> => {
    this.pictures.delete(id);
    return Promise.resolve();
  };

  changeVisit = async (id: string, change: (visit: Visit) => Visit | null): Promise<Visit | undefined> => {
    const found = this.visits.get(id);
    const next = found === undefined ? null : change(structuredClone(found));
    if (next !== null) await this.keepVisit(next);
    return next ?? undefined;
  };
}

interface Asked { url: string; body: unknown; headers: Record<string, string> }

let memory: Memory;
let asked: Asked[];
let respond: (url: string, body: string) => Response | Promise<Response>;

function waiting(id: string, changes: Partial<Visit> = {}): void {
  const form = emptyForm(new Date(), { condition: "intact" });
  memory.visits.set(id, {
    client_id: id, account: "survey", round_id: 1, marker_id: 7, marker_no: "1", lang: "en",
    created_at: `2026-05-0${String(memory.visits.size + 1)}T00:00:00Z`, state: "waiting", form, body: null,
    attempts: 0, receipt: null, refusal: null, ...changes,
  });
}

function received(body: string): Response {
  const { client_id } = JSON.parse(body) as { client_id: string };
  return answer({ client_id, submission: 5, received_at: "2026-05-03T00:00:00Z", state: "preview", result: {} }, 201);
}

function sender(account: string | null = "survey"): Sender {
  return new Sender(memory, "pad", () => account);
}

const sends = (): Asked[] => asked.filter((one) => one.url === "/field/inspections");

beforeEach(() => {
  memory = new Memory();
  asked = [];
  respond = (_, body) => received(body);
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    asked.push({ url, body: init.body, headers: init.headers as Record<string, string> });
    if (url === "/field/session") return Promise.resolve(answer(SESSION));
    return Promise.resolve(respond(url, String(init.body)));
  });
});

afterEach(() => { vi.unstubAllGlobals(); });

it("sends what waits, the oldest first, with the mark of the session", async () => {
  waiting("b", { created_at: "2026-05-09T00:00:00Z" });
  waiting("a", { created_at: "2026-05-01T00:00:00Z" });
  waiting("c", { state: "draft" });
  expect(await sender().send()).toEqual({ kind: "done" });
  expect(sends().map((one) => (JSON.parse(String(one.body)) as Visit).client_id)).toEqual(["a", "b"]);
  expect(sends()[0]?.headers).toMatchObject({ "X-CSRF-Token": "mark", "Accept-Language": "en" });
  expect([...memory.visits.values()].map((one) => one.state).sort()).toEqual(["draft", "sent", "sent"]);
  expect(memory.visits.get("a")?.receipt).toMatchObject({ submission: 5 });
});

it("sends the same body to the letter after an answer was lost, whatever has changed since", async () => {
  waiting("a");
  respond = () => Promise.reject(new TypeError("reset"));
  expect(await sender().send()).toEqual({ kind: "offline" });
  const kept = memory.visits.get("a");
  expect(kept).toMatchObject({ state: "waiting", attempts: 1 });
  memory.photos.set("p", { ...photo("p", "a"), state: "sent" });
  respond = (_, body) => received(body);
  await sender().send();
  expect(sends()[1]?.body).toBe(sends()[0]?.body);
  expect(memory.visits.get("a")?.state).toBe("sent");
});

it("goes on with one that a closed page left under way", async () => {
  waiting("a", { state: "sending", attempts: 1, body: '{"client_id":"a"}' });
  await sender().send();
  expect(sends().map((one) => one.body)).toEqual(['{"client_id":"a"}']);
});

it("keeps a refusal, and goes on to the next", async () => {
  waiting("a");
  waiting("b");
  respond = (_, body) => body.includes('"a"') ? answer({ title: "T", errors: [{ column: "condition", en: "bad" }] }, 422) : received(body);
  expect(await sender().send()).toEqual({ kind: "done" });
  expect(memory.visits.get("a")).toMatchObject({ state: "refused", body: null, attempts: 0, refusal: { status: 422, title: "T" } });
  expect(memory.visits.get("b")?.state).toBe("sent");
});

it.each([
  [401, {}, { kind: "signed_out" }],
  [500, {}, { kind: "later", seconds: 30 }],
  [503, { "Retry-After": "5" }, { kind: "later", seconds: 5 }],
  [429, { "Retry-After": "17" }, { kind: "later", seconds: 17 }],
])("waits after %i, and loses nothing", async (status, headers, outcome) => {
  waiting("a");
  respond = () => new Response("{}", { status, headers: { ...headers, "content-type": "application/json" } });
  expect(await sender().send()).toEqual(outcome);
  expect(memory.visits.get("a")).toMatchObject({ state: "waiting", refusal: null });
});

it.each([
  ["a page of a hotspot", () => answer("<html>sign in here</html>", 200, "text/html")],
  ["another's answer", () => answer({ client_id: "z", submission: 9 }, 201)],
])("does not take %s for a receipt", async (_, made) => {
  waiting("a");
  respond = made;
  expect(await sender().send()).toEqual({ kind: "offline" });
  expect(memory.visits.get("a")).toMatchObject({ state: "waiting", receipt: null });
});

it("does not take a session that ended in between for a refusal", async () => {
  waiting("a");
  respond = () => answer({ title: "T", field: "csrf_token" }, 400);
  expect(await sender().send()).toMatchObject({ kind: "later" });
  expect(memory.visits.get("a")?.state).toBe("waiting");
});

it("sends nothing in another account's name", async () => {
  waiting("a");
  expect(await sender("other").send()).toEqual({ kind: "signed_out" });
  waiting("b", { account: "other" });
  await sender(null).send();
  expect(sends().map((one) => (JSON.parse(String(one.body)) as Visit).client_id)).toEqual(["a"]);
});

it("sends once though it is asked twice", async () => {
  waiting("a");
  const one = sender();
  await Promise.all([one.send(), one.send()]);
  expect(sends()).toHaveLength(1);
});

function photo(id: string, client_id: string): Photo {
  return {
    id, client_id, account: "survey", marker_id: 7, name: "a.jpg", type: "image/jpeg",
    size: 3, state: "kept", refusal: null,
  };
}

it("sends photographs after their visit, and keeps no bytes that the server has", async () => {
  waiting("a");
  waiting("b", { state: "draft" });
  for (const [id, visit] of [["p", "a"], ["q", "b"]] as const) {
    memory.photos.set(id, photo(id, visit));
    memory.pictures.set(id, new Uint8Array([1, 2, 3]).buffer);
  }
  respond = (url, body) => (url.endsWith("/photos") ? answer({ id: 1 }, 201) : received(body));
  await sender().send();
  expect(asked.map((one) => one.url)).toEqual(["/field/session", "/field/inspections", "/markers/7/photos"]);
  expect((asked[2]?.body as FormData).get("client_id")).toBe("a");
  expect(memory.photos.get("p")).toMatchObject({ state: "sent" });
  expect([...memory.pictures.keys()]).toEqual(["q"]);
  expect(memory.photos.get("q")?.state).toBe("kept");
});

it("keeps a photograph that was refused, with the reason", async () => {
  waiting("a", { state: "sent" });
  memory.photos.set("p", photo("p", "a"));
  memory.pictures.set("p", new ArrayBuffer(3));
  respond = () => answer({ title: "not a picture" }, 422);
  await sender().send();
  expect(memory.photos.get("p")).toMatchObject({ state: "refused", refusal: { title: "not a picture" } });
  expect(memory.pictures.has("p")).toBe(true);
});
