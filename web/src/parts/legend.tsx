import type { ComponentChildren } from "preact";

/** What the colours mean. */
export function Legend({ entries, children }: { readonly entries: readonly { readonly fill: string; readonly text: string }[]; readonly children?: ComponentChildren }) {
  return (
    <ul class="legend">
      {entries.map((e) => <li key={e.text}><span class={`swatch ${e.fill}`} />{e.text}</li>)}
      {children}
    </ul>
  );
}
