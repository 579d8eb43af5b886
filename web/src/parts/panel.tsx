import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface PanelProps {
  readonly title: string;
  readonly about?: ComponentChildren;
  readonly tall?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ title, about, tall = false, children }: PanelProps) {
  const id = useId();
  return (
    <section class={tall ? "panel tall" : "panel"} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {about !== undefined && <p>{about}</p>}
      </header>
      {children}
    </section>
  );
}
