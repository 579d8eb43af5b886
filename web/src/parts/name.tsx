import { shortened, visible } from "../text/name.ts";

/** A name from a trace: cannot turn the text around it, nor be longer than it may; the rest in its tooltip. */
export function Name({ text, most = 80 }: { readonly text: string; readonly most?: number }) {
  const title = text.length > most ? { title: visible(text.slice(0, 600)) } : {};
  return <bdi {...title}>{shortened(text, most)}</bdi>;
}
