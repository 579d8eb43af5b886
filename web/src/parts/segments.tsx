interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string; readonly refused?: string | null }[];
  readonly onChoose: (value: T) => void;
}

/** One of a few, all of them seen. */
export function Segments<T extends string>({ label, value, options, onChoose }: SegmentsProps<T>) {
  return (
    <span class="choice" role="group" aria-label={label}>
      <span aria-hidden="true">{label}</span>
      <span class="segments">
        {options.map((option) => (
          <button key={option.value} type="button" aria-pressed={option.value === value} disabled={Boolean(option.refused)} title={option.refused ?? ""} onClick={() => { onChoose(option.value); }}>{option.text}</button>
        ))}
      </span>
    </span>
  );
}

export function Check({ label, on, onChange }: { readonly label: string; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(e) => { onChange(e.currentTarget.checked); }} />
      {label}
    </label>
  );
}
