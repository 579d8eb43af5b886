import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sealed } from "../../build/seal.ts";

const page = (script: string, more = "") => `<meta content="script-src '%SCRIPT_HASH%' connect-src %SMARAGDINE_CONNECT%"><title>%SMARAGDINE_TITLE%</title><script type="module" crossorigin>${script}</script>${more}<script id="d">%SMARAGDINE_DATA%</script>`;

describe("sealed", () => {
  test("the policy names the hash of the script as it stands in the page", () => {
    const html = sealed(page("let $ = '$&';"));
    const code = /<script type="module">(.*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(code).toBe("let $ = '$&';");
    expect(html).toContain(`script-src 'sha256-${createHash("sha256").update(code).digest("base64")}'`);
  });

  test.each([
    ["a second script", page("1", '<script type="module">2</script>'), /2 module scripts/],
    ["a comment's beginning", page("'<!--'"), /<!--/],
    ["a token in the script", page("'%SMARAGDINE_DATA%'"), /a token's beginning/],
    ["a token twice", page("1", "%SMARAGDINE_TITLE%"), /exactly once/],
    ["another file", page("1", '<link href="x.css">'), /another file/],
  ])("%s is refused", (_, html, words) => {
    expect(() => sealed(html)).toThrow(words);
  });
});
