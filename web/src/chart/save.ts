const svgNamespace = "http://www.w3.org/2000/svg";
const properties = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"];

/** A chart of the page as a file that stands alone: the page's styles are written into its elements. */
export function svgTextOf(chart: SVGSVGElement | null): string {
  if (chart === null) {
    throw new Error("there is no chart to save");
  }

  const copy = chart.cloneNode(true) as SVGSVGElement;
  const from = [chart, ...chart.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    const kept = properties.map((p) => [p, plainColour(style.getPropertyValue(p))] as const).filter(([, value]) => value !== "" && value !== "normal");
    to[i].setAttribute("style", kept.map(([p, value]) => `${p}:${value}`).join(";"));
    to[i].removeAttribute("class");
    to[i].removeAttribute("tabindex");
    to[i].removeAttribute("href");
  });

  const box = chart.getBoundingClientRect();
  const width = chart.viewBox.baseVal.width || box.width;
  const height = chart.viewBox.baseVal.height || box.height;
  copy.setAttribute("xmlns", svgNamespace);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS(svgNamespace, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.documentElement).getPropertyValue("--surface").trim());
  copy.insertBefore(ground, copy.firstChild);
  return new XMLSerializer().serializeToString(copy);
}

/** `color(srgb 0.1 0.2 0.3)`, which only browsers know, as `rgb(26,51,77)`. */
export function plainColour(value: string): string {
  return value.replaceAll(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)/g, (_, r: string, g: string, b: string, a: string | undefined) => {
    const channels = [r, g, b].map((c) => Math.round(Number(c) * 255)).join(",");
    return a === undefined ? `rgb(${channels})` : `rgba(${channels},${a})`;
  });
}

/** Draws an SVG text at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => { reject(new Error("the chart could not be drawn")); };
      image.src = address;
    });
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) {
          resolve(blob);
        } else {
          reject(new Error("the picture is too large to be saved as PNG; take SVG"));
        }
      }, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 10_000);
}
