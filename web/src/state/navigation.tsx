import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Footprint } from "../model/footprint.ts";
import { hashOf, routeOf, type Route } from "./route.ts";

/** The address as state: changes when the user goes back, follows a link, or a view goes somewhere. */
export function useAddress(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => {
      setRoute(routeOf(location.hash));
    };
    addEventListener("hashchange", follow);
    return () => {
      removeEventListener("hashchange", follow);
    };
  }, []);
  return route;
}

/** What every view is given. */
export interface Place {
  readonly footprint: Footprint;
  readonly route: Route;
}

export const PlaceContext = createContext<Place | null>(null);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) {
    throw new Error("a view stands outside the page");
  }

  return place;
}

/** Goes to where the route differs as told; the browser's back returns. */
export function go(route: Route, change: Partial<Route>): void {
  location.hash = hashOf({ ...route, ...change });
}
