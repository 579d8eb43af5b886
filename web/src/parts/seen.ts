import { useEffect, useState } from "preact/hooks";

/** Whether the page has been painted once: what takes long waits for that. */
export function useSeen(): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => { setTimeout(() => { setSeen(true); }); });
    return () => { cancelAnimationFrame(frame); };
  }, []);
  return seen;
}
