import type { Graphviz } from "@hpcc-js/wasm-graphviz";
import { useEffect, useState } from "preact/hooks";

let loading: Promise<Graphviz> | null = null;

/** Graphviz, started when a graph is first looked at. */
export function useGraphviz(): Graphviz | Error | null {
  const [graphviz, setGraphviz] = useState<Graphviz | Error | null>(null);
  useEffect(() => {
    let here = true;
    loading ??= import("@hpcc-js/wasm-graphviz").then((library) => library.Graphviz.load());
    loading.then(
      (loaded) => { if (here) { setGraphviz(loaded); } },
      (error: unknown) => { if (here) { setGraphviz(error instanceof Error ? error : new Error(String(error))); } },
    );
    return () => { here = false; };
  }, []);
  return graphviz;
}
