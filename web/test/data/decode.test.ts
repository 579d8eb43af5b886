import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { madeUpPage } from "../../fixture/page.ts";
import { DataError, decode } from "../../src/data/decode.ts";

const never = () => Promise.reject(new Error("nothing is to be fetched"));
const packed = (data: unknown) => gzipSync(JSON.stringify(data)).toString("base64");

describe("decode", () => {
  test("a page's data comes back as it was", async () => {
    const page = madeUpPage();
    expect(await decode(`\n${packed(page)}\n`, never)).toEqual(page);
  });

  test("without the browser's own base64 it is the same", async () => {
    const native = Uint8Array as unknown as { fromBase64?: unknown };
    const before = native.fromBase64;
    native.fromBase64 = undefined;
    try {
      expect((await decode(packed(madeUpPage()), never)).schema).toBe("smaragdine.page/1");
    } finally {
      native.fromBase64 = before;
    }
  });

  test("an address is fetched from", async () => {
    const asked: string[] = [];
    const page = await decode("src:data?1", (url) => {
      asked.push(url);
      return Promise.resolve(new Uint8Array(gzipSync(JSON.stringify(madeUpPage()))));
    });
    expect(asked).toEqual(["data?1"]);
    expect(page.report.operations.length).toBeGreaterThan(0);
  });

  test.each([
    ["the unfilled page", "%SMARAGDINE_" + "DATA%", /empty page/],
    ["no base64", "!!!", /base64/],
    ["half a file", packed(madeUpPage()).slice(0, 2000), /cut short/],
    ["another schema", packed({ schema: "smaragdine.page/2" }), /`smaragdine.page\/2`.*`smaragdine.page\/1`/],
    ["no object", packed(7), /`number`/],
    ["a column too short", packed({ ...madeUpPage(), module_of: [0] }), /module_of has 1 entries/],
    ["no modules", packed({ ...madeUpPage(), folded: [] }), /no modules/],
  ])("%s is refused with what was expected", async (_, text, words) => {
    await expect(decode(text, never)).rejects.toThrow(words);
    await expect(decode(text, never)).rejects.toBeInstanceOf(DataError);
  });
});
