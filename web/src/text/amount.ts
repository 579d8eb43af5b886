/** What stands where a figure is not known. */
export const missing = "–";

const prefixes: readonly (readonly [number, string])[] = [[1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"]];

/** Digits and unit of a figure, apart because they are set differently. */
export interface AmountText {
  readonly digits: string;
  readonly unit: string;
}

/** Three significant digits: `1.23`, `12.3`, `123`; what is 1,000 or more is whole. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) {
    return "0";
  }

  const rounded = Number(size.toPrecision(3));
  const decimals = rounded >= 100 ? 0 : rounded >= 10 ? 1 : rounded >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(rounded)));
  const text = size >= 1000 ? Math.round(size).toString() : size.toFixed(decimals);
  return (value < 0 ? "−" : "") + text.replaceAll(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}

/** A figure with a unit that makes it short: `12.4 J`, `585 mJ`, `1.20 kJ`. Seconds have no prefix above one. Unknown is `–`. */
export function amount(value: number | null, unit: string): AmountText {
  if (value === null || Number.isNaN(value)) {
    return { digits: missing, unit: "" };
  }

  const size = Number(Math.abs(value).toPrecision(3));
  if (size === 0) {
    return { digits: "0", unit };
  }

  const [factor, prefix] = prefixes.find(([from]) => size >= from && (unit !== "s" || from <= 1)) ?? prefixes[prefixes.length - 1];
  return { digits: threeDigits(value / factor), unit: prefix + unit };
}

export function amountText(value: number | null, unit: string): string {
  const text = amount(value, unit);
  return text.unit === "" ? text.digits : `${text.digits} ${text.unit}`;
}

/** A round figure without the noughts after the point: `10 µs`, `2.5 W`. */
export function tickText(value: number, unit: string): string {
  return value === 0 ? "0" : amountText(value, unit).replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, "");
}

/** A share as per cent: `100 %`, `92.5 %`, `0.3 %`. */
export function percent(share: number): string {
  if (Number.isNaN(share)) {
    return missing;
  }

  const value = share * 100;
  const size = Math.abs(value);
  if (size !== 0 && size < 0.05) {
    return value < 0 ? "> −0.1 %" : "< 0.1 %";
  }

  return `${value < 0 ? "−" : ""}${size >= 99.95 ? threeDigits(Math.round(size)) : size.toFixed(1)} %`;
}

/** How often: whole numbers whole, means of steps with three digits. */
export function count(value: number): string {
  return Number.isNaN(value) ? missing : Number.isInteger(value) ? value.toLocaleString("en-US") : threeDigits(value);
}

/** `12.3 MB` */
export function bytesText(bytes: number): string {
  return amountText(bytes, "B");
}
