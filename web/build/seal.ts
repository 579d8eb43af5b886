import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const moduleScript = /<script type="module"[^>]*>([\s\S]*?)<\/script>/g;
const tokens = ["%SMARAGDINE_DATA%", "%SMARAGDINE_TITLE%", "%SMARAGDINE_CONNECT%"];

/** The page with its one script's hash in the content security policy; refuses a page that would not be whole once filled in. */
export function sealed(html: string): string {
  const plain = html.replaceAll(/<script type="module" crossorigin>/g, '<script type="module">');
  const scripts = [...plain.matchAll(moduleScript)];
  if (scripts.length !== 1) {
    throw new Error(`the built page has ${scripts.length} module scripts, where one inlined script was expected`);
  }

  const code = scripts[0][1];
  if (/<!--|<script/i.test(code)) {
    throw new Error("the script holds `<!--` or `<script`, at which an HTML parser would lose its end");
  }

  if (code.includes("SMARAGDINE_")) {
    throw new Error("the script holds a token's beginning: a filled page would look like one that is not");
  }

  const hash = createHash("sha256").update(code, "utf8").digest("base64");
  const page = plain.replace("%SCRIPT_HASH%", () => `sha256-${hash}`);
  for (const token of tokens) {
    if (page.split(token).length !== 2) {
      throw new Error(`the built page must hold ${token} exactly once`);
    }
  }

  if (/(?:src|href)="(?!data:|#)/.test(page.replace(code, ""))) {
    throw new Error("the built page refers to another file");
  }

  return page;
}

/** Seals every HTML file that the build writes. */
export function seal(): Plugin {
  return {
    name: "seal",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "asset" && file.fileName.endsWith(".html")) {
            file.source = sealed(String(file.source));
          }
        }
      },
    },
  };
}
