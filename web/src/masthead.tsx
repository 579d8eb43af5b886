import { useEffect, useRef } from "preact/hooks";
import { Name } from "./parts/name.tsx";
import { hashOf, type Route, type View } from "./state/route.ts";
import type { Report } from "./data/report.ts";

const titles: Readonly<Record<View, string>> = {
  summary: "Summary", modules: "Modules", graph: "Graph", flame: "Flame", operations: "Operations", power: "Power", timeline: "Timeline", compare: "Compare",
};

export function Masthead({ report }: { readonly report: Report }) {
  const { recording } = report;
  const about = [recording.framework, recording.host, startOf(recording.started_unix_ns)].filter((t) => t !== null && t !== "");
  return (
    <header class="masthead">
      <svg class="gem" viewBox="0 0 16 16" aria-hidden="true"><path fill="currentColor" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" /><path fill="none" stroke="var(--ground)" stroke-width="0.9" d="M5 1l.6 4.4L1 5m10-4l-.6 4.4L15 5M5.600 5.400h4.800v5.200H5.600zM5 15l.6-4.400L1 11m10 4l-.6-4.400L15 11" /></svg>
      <h1><Name text={recording.model ?? lastPart(recording.path)} most={100} /></h1>
      <p>{about.map((t, i) => <span key={i}>{i > 0 && " · "}<Name text={t ?? ""} /></span>)}{about.length > 0 && " · "}<Name text={recording.path} /></p>
    </header>
  );
}

function lastPart(path: string): string {
  return path.replace(/\/+$/, "").split("/").pop() ?? path;
}

function startOf(unixNs: number | null): string | null {
  return unixNs === null ? null : `${new Date(unixNs / 1e6).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The views; the chosen module goes along. */
export function Tabs({ route, shown }: { readonly route: Route; readonly shown: readonly View[] }) {
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    const chosen = tabs.current?.querySelector<HTMLElement>("[aria-current]");
    if (tabs.current && chosen) {
      tabs.current.scrollLeft = chosen.offsetLeft - (tabs.current.clientWidth - chosen.offsetWidth) / 2;
    }
  }, [route.view]);
  return (
    <div class="bar">
      <nav class="tabs" aria-label="Views" ref={tabs}>
        {shown.map((view) => <a key={view} href={hashOf({ ...route, view })} {...(view === route.view ? { "aria-current": "page" as const } : {})}>{titles[view]}</a>)}
      </nav>
    </div>
  );
}
