import { useEffect, useState } from "preact/hooks";

/** Changes when colours do: light, dark, print. For what is drawn on a canvas. */
export function useScheme(): string {
  const [scheme, setScheme] = useState("");
  useEffect(() => {
    const queries = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
    const follow = () => { setScheme(queries.map((q) => q.matches).join()); };
    follow();
    for (const query of queries) {
      query.addEventListener("change", follow);
    }

    return () => {
      for (const query of queries) {
        query.removeEventListener("change", follow);
      }
    };
  }, []);
  return scheme;
}
