/** What charts with very many marks draw on: a canvas on the page, or SVG text to keep. Sizes in px. */
export interface Surface {
  rect(x: number, y: number, width: number, height: number, fill: string, opacity?: number): void;
  text(x: number, y: number, text: string, fill: string, size: number, anchor?: "start" | "end" | "middle"): void;
  line(points: readonly (readonly [number, number])[], stroke: string, width: number): void;
}

const family = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

export function canvasSurface(pen: CanvasRenderingContext2D): Surface {
  return {
    rect(x, y, width, height, fill, opacity = 1) {
      pen.globalAlpha = opacity;
      pen.fillStyle = fill;
      pen.fillRect(x, y, width, height);
      pen.globalAlpha = 1;
    },
    text(x, y, text, fill, size, anchor = "start") {
      pen.font = `${size}px ${family}`;
      pen.textAlign = anchor === "middle" ? "center" : anchor;
      pen.fillStyle = fill;
      pen.fillText(text, x, y);
    },
    line(points, stroke, width) {
      pen.beginPath();
      points.forEach(([x, y], i) => {
        if (i === 0) {
          pen.moveTo(x, y);
        } else {
          pen.lineTo(x, y);
        }
      });
      pen.strokeStyle = stroke;
      pen.lineWidth = width;
      pen.stroke();
    },
  };
}

/** Collects SVG text. */
export class SvgSurface implements Surface {
  private readonly parts: string[] = [];

  rect(x: number, y: number, width: number, height: number, fill: string, opacity = 1): void {
    this.parts.push(`<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="${escaped(fill)}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ""}/>`);
  }

  text(x: number, y: number, text: string, fill: string, size: number, anchor: "start" | "end" | "middle" = "start"): void {
    this.parts.push(`<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" font-size="${size}" font-family="sans-serif" text-anchor="${anchor}" fill="${escaped(fill)}">${escaped(text)}</text>`);
  }

  line(points: readonly (readonly [number, number])[], stroke: string, width: number): void {
    this.parts.push(`<polyline points="${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ")}" fill="none" stroke="${escaped(stroke)}" stroke-width="${width}"/>`);
  }

  document(width: number, height: number): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${this.parts.join("")}</svg>`;
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
