/** The device's position, with the accuracy that it states. */

import type { Fix } from "./visits";

const LONGEST_MS = 60_000;

/** Why there is none: `denied` by the person or the browser, `none` in time, `absent` altogether. */
export class NoFix extends Error {
  constructor(readonly why: "denied" | "none" | "absent") {
    super(why);
  }
}

/** One fresh position. Throws `NoFix`. */
export function takeFix(): Promise<Fix> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) {
      reject(new NoFix("absent"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        resolve({
          lon: coords.longitude,
          lat: coords.latitude,
          accuracy_95_m: coords.accuracy,
          fixed_at: new Date(timestamp).toISOString(),
        });
      },
      (error) => { reject(new NoFix(error.code === error.PERMISSION_DENIED ? "denied" : "none")); },
      { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MS },
    );
  });
}
