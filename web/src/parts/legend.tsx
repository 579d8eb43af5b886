/** What the colours mean. */
export function Legend({ entries }: { readonly entries: readonly { readonly fill: string; readonly text: string }[] }) {
  return (
    <ul class="legend">
      {entries.map((e) => <li key={e.text}><span class={`swatch ${e.fill}`} />{e.text}</li>)}
    </ul>
  );
}
