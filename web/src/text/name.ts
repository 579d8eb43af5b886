/** Control characters, marks that turn the direction of text, and characters without width. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** A name from a trace as it can be shown: what cannot be seen is written as `\u202e`. Whole; see `shortened`. */
export function visible(name: string): string {
  return name.replaceAll(unseen, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A name without its middle, if it has more than `most` characters. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) {
    return visible(name);
  }

  const head = Math.ceil((most - 1) / 2);
  const tail = Math.floor((most - 1) / 2);
  return `${visible(whole(name.slice(0, head)))}…${visible(whole(name.slice(name.length - tail)))}`;
}

/** Without half a surrogate pair at its ends. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
}

/** The part of a path above its last name, and that name. */
export function lastOf(path: string): { above: string; last: string } {
  const at = path.lastIndexOf("/");
  return at < 0 ? { above: "", last: path } : { above: path.slice(0, at + 1), last: path.slice(at + 1) };
}
