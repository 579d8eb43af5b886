import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { usePrinting } from "./printing.ts";
import { scrollTo, windowOf } from "./window.ts";

export interface Column<R> {
  readonly key: string;
  readonly title: string;
  /** Longer, for its tooltip. */
  readonly about?: string;
  /** px; the first column takes what is left, and at least this where the page is not narrow. */
  readonly width: number;
  readonly text?: boolean;
  readonly cell: (row: R) => ComponentChildren;
  readonly sortable?: boolean;
}

export interface Sort {
  readonly key: string;
  readonly descending: boolean;
}

interface GridProps<R> {
  readonly label: string;
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly columns: readonly Column<R>[];
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Of a tree: level from 1 on. */
  readonly level?: (row: R) => number;
  /** Of a tree: null for a leaf. */
  readonly expanded?: (row: R) => boolean | null;
  readonly onToggle?: (row: R) => void;
  readonly onChoose: (row: R) => void;
  readonly chosen: (row: R) => boolean;
  /** Rows that are seen at once, at most. */
  readonly visible?: number;
}

const rowHeight = 30;
const headerHeight = 36;
const printed = 120;

/** A table or tree of any length: only rows in sight are in the document. The arrow keys move, Enter chooses, left and right fold. */
export function Grid<R>(props: GridProps<R>) {
  const { label, rows, rowKey, columns, sort, onSort, level, expanded, onToggle, onChoose, chosen, visible = 22 } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(visible * rowHeight);
  const [width, setWidth] = useState(1000);
  const [active, setActive] = useState(-1);
  const printing = usePrinting();
  const last = rows.length - 1;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }

    const measure = () => {
      setHeight(element.clientHeight - headerHeight);
      setWidth(element.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, []);

  const reveal = useCallback((row: number) => {
    const element = scroller.current;
    if (element !== null) {
      element.scrollTop = scrollTo(row, element.scrollTop, element.clientHeight - headerHeight, rowHeight);
      setScrollTop(element.scrollTop);
    }
  }, []);

  // The chosen row is in sight when it comes to be chosen elsewhere.
  const chosenAt = rows.findIndex(chosen);
  const chosenKey = chosenAt < 0 ? "" : rowKey(rows[chosenAt]);
  useEffect(() => {
    if (chosenAt >= 0) {
      reveal(chosenAt);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when another row is chosen, not when rows move
  }, [chosenKey, reveal]);

  const move = (to: number) => {
    const row = Math.max(0, Math.min(last, to));
    setActive(row);
    reveal(row);
  };
  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || rows.length === 0) {
      return;
    }

    const at = active < 0 ? Math.max(0, chosenAt) : Math.min(active, last);
    const open = expanded?.(rows[at]) ?? null;
    switch (event.key) {
      case "ArrowDown": move(active < 0 ? at : at + 1); break;
      case "ArrowUp": move(at - 1); break;
      case "PageDown": move(at + page); break;
      case "PageUp": move(at - page); break;
      case "Home": move(0); break;
      case "End": move(last); break;
      case "Enter":
      case " ": onChoose(rows[at]); break;
      case "ArrowRight":
        if (open === false) {
          onToggle?.(rows[at]);
        } else if (open === true) {
          move(at + 1);
        }

        break;
      case "ArrowLeft":
        if (open === true) {
          onToggle?.(rows[at]);
        } else if (level) {
          move(parentOf(rows, at, level));
        }

        break;
      default: return;
    }

    event.preventDefault();
  };

  const { first, last: end } = printing ? { first: 0, last: Math.min(rows.length, printed) } : windowOf(scrollTop, height, rowHeight, rows.length);
  const nameWidth = Math.min(columns[0].width, Math.max(120, Math.round(width * 0.5)));
  const template = columns.map((c, i) => (i === 0 ? `minmax(${nameWidth}px, 1fr)` : `${c.width}px`)).join(" ");
  const minWidth = columns.reduce((sum, c, i) => sum + (i === 0 ? nameWidth : c.width), 0);
  const drawn = rows.slice(first, end);

  return (
    <div
      class="grid" ref={scroller} role={level ? "treegrid" : "grid"} tabIndex={0} aria-label={label} aria-rowcount={rows.length + 1} aria-colcount={columns.length}
      {...(active >= first && active < end ? { "aria-activedescendant": `${id}-${active}` } : {})}
      style={printing ? {} : { height: `${headerHeight + Math.max(3, Math.min(visible, rows.length)) * rowHeight + 2}px` }}
      onScroll={(e) => { setScrollTop(e.currentTarget.scrollTop); }}
      onKeyDown={onKeyDown}
      onFocus={(e) => { if (e.target === e.currentTarget && active < 0) { setActive(Math.max(0, chosenAt)); } }}
    >
      <div role="rowgroup" class="grid-head" style={{ minWidth: `${minWidth}px` }}>
        <div role="row" class="grid-row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((c, i) => (
            <div key={c.key} role="columnheader" aria-colindex={i + 1} class={i === 0 || c.text ? "cell text" : "cell"} title={c.about ?? ""}
              {...(sort?.key === c.key ? { "aria-sort": sort.descending ? "descending" as const : "ascending" as const } : {})}>
              {c.sortable && onSort
                ? <button type="button" onClick={() => { onSort({ key: c.key, descending: sort?.key === c.key ? !sort.descending : c.key !== "name" }); }}><span class="arrow" aria-hidden="true">{sort?.key === c.key ? (sort.descending ? "↓" : "↑") : ""}</span>{c.title}</button>
                : c.title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ minWidth: `${minWidth}px`, paddingTop: `${printing ? 0 : first * rowHeight}px`, paddingBottom: `${printing ? 0 : (rows.length - end) * rowHeight}px` }}>
        {drawn.map((row, i) => {
          const index = first + i;
          const open = expanded?.(row) ?? null;
          return (
            <div
              key={rowKey(row)} id={`${id}-${index}`} role="row" aria-rowindex={index + 2} aria-selected={chosen(row)}
              class={`grid-row${index === active ? " active" : ""}`} style={{ gridTemplateColumns: template }}
              {...(level ? { "aria-level": level(row) } : {})} {...(open === null ? {} : { "aria-expanded": open })}
              onClick={() => { setActive(index); onChoose(row); }}
            >
              {columns.map((c, k) => (
                <div key={c.key} role={k === 0 ? "rowheader" : "gridcell"} aria-colindex={k + 1} class={k === 0 ? "cell text head" : c.text ? "cell text" : "cell"} {...(k === 0 && level ? { style: { paddingLeft: `${(Math.min(level(row), 24) - 1) * (width < 560 ? 7 : 15) + 6}px` } } : {})}>
                  {k === 0 && level && (
                    <span class="twisty" aria-hidden="true" onClick={(e) => { if (open !== null) { e.stopPropagation(); onToggle?.(row); } }}>{open === null ? "" : open ? "▾" : "▸"}</span>
                  )}
                  {c.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {printing && rows.length > end && <p class="soft">… {(rows.length - end).toLocaleString("en-US")} more rows</p>}
    </div>
  );
}

function parentOf<R>(rows: readonly R[], at: number, level: (row: R) => number): number {
  const mine = level(rows[at]);
  let above = at - 1;
  while (above > 0 && level(rows[above]) >= mine) {
    above--;
  }

  return Math.max(0, above);
}
