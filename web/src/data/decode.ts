import type { PageData } from "./page.ts";

const schema = "smaragdine.page/1";

/** The page's data cannot be used; the message says what was read, what was expected and what to do. */
export class DataError extends Error {}

/** The gzip bytes of a base64 text. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  try {
    if (native.fromBase64) {
      return native.fromBase64(text);
    }

    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) {
      bytes[i] = binary.charCodeAt(i);
    }

    return bytes;
  } catch {
    throw new DataError("The data in this page is damaged: it should be base64 and is not. Write the report again, `smaragdine report --format html`.");
  }
}

/** Unpacks gzip bytes of UTF-8 JSON. */
export async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).json();
  } catch {
    throw new DataError("The data in this page is damaged: it does not unpack. The file may have been cut short; write the report again, `smaragdine report --format html`.");
  }
}

/** Checks what the views rely on. */
export function checked(data: unknown): PageData {
  const page = data as PageData;
  const found = typeof data === "object" && data !== null && "schema" in data ? String(data.schema) : typeof data;
  if (found !== schema) {
    throw new DataError(`The data in this page is \`${found.slice(0, 80)}\`, where this page reads \`${schema}\`: page and program are of different versions. Write the report again with one version.`);
  }

  const operations = page.report.operations.length;
  const modules = page.report.modules.length;
  const columns: [string, number, number][] = [
    ["module_of", page.module_of.length, operations],
    ["first_start_s", page.first_start_s.length, operations],
    ["edges.to", page.edges.to.length, page.edges.from.length],
    ["edges.bytes", page.edges.bytes.length, page.edges.from.length],
    ["folded_operations.of", page.folded_operations?.of.length ?? operations, operations],
    ["folded_of", page.folded_of?.length ?? modules, modules],
  ];
  for (const [name, length, expected] of columns) {
    if (length !== expected) {
      throw new DataError(`The data in this page does not fit together: ${name} has ${length} entries, where ${expected} were expected. Write the report again, \`smaragdine report --format html\`.`);
    }
  }

  if (modules === 0 || page.folded.length === 0) {
    throw new DataError("The report in this page has no modules, not even a root. Write the report again, `smaragdine report --format html`.");
  }

  return page;
}

/** The page's data from its script element's text: base64 of gzip, or `src:` and the address that answers the gzip bytes. */
export async function decode(text: string, fetchBytes: (url: string) => Promise<Uint8Array<ArrayBuffer>>): Promise<PageData> {
  const content = text.trim();
  if (content.startsWith("%")) {
    throw new DataError("This is the empty page, without a report in it. `smaragdine report DIR --format html` fills it.");
  }

  const bytes = content.startsWith("src:") ? await fetchBytes(content.slice("src:".length)) : bytesOfBase64(content);
  return checked(await unpacked(bytes));
}

/** Fetches from the server that sent the page. */
export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch {
    throw new DataError(`The report could not be fetched from ${url}: nobody answers. Is \`smaragdine open\` still running?`);
  }

  if (!answer.ok) {
    throw new DataError(`The report could not be fetched from ${url}: the answer was ${answer.status} ${answer.statusText}.`);
  }

  return new Uint8Array(await answer.arrayBuffer());
}
