/**
 * Lengths, areas and plane coordinates on the ellipsoid of CGCS2000 (GRS 80). Pure; positions are
 * longitude, latitude in degrees, lengths in metres.
 *
 * Inverse and direct problem after Vincenty (1975), plane coordinates by Krüger's series in the
 * third flattening (Karney 2011, sixth order), areas over the authalic latitude.
 */

import type { LonLat } from "./types";

const A_M = 6378137;
const F = 1 / 298.257222101;
const B_M = A_M * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const N = F / (2 - F);
const ROUNDS = 200;
const CLOSE = 1e-13;

function rad(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function deg(radians: number): number {
  return (radians * 180) / Math.PI;
}

interface Inverse {
  readonly distance_m: number;
  readonly azimuth_deg: number;
}

/** Vincenty's series in the second eccentricity along the line. */
function series(cosSqAlpha: number): { a: number; b: number } {
  const uSq = (cosSqAlpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2;
  return {
    a: 1 + (uSq / 16384) * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq))),
    b: (uSq / 1024) * (256 + uSq * (-128 + uSq * (74 - 47 * uSq))),
  };
}

function deltaSigma(b: number, sin: number, cos: number, cos2m: number): number {
  const inner = cos * (-1 + 2 * cos2m ** 2)
    - (b / 6) * cos2m * (-3 + 4 * sin ** 2) * (-3 + 4 * cos2m ** 2);
  return b * sin * (cos2m + (b / 4) * inner);
}

/** The geodesic between two positions; null where the series does not close (nearly antipodal). */
export function inverse(from: LonLat, to: LonLat): Inverse | null {
  const l = rad(to[0] - from[0]);
  const u1 = Math.atan((1 - F) * Math.tan(rad(from[1])));
  const u2 = Math.atan((1 - F) * Math.tan(rad(to[1])));
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = l;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const east = cos2 * sinL;
    const north = cos1 * sin2 - sin1 * cos2 * cosL;
    const sin = Math.hypot(east, north);
    if (sin === 0) return { distance_m: 0, azimuth_deg: 0 };
    const cos = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sin, cos);
    const sinAlpha = (cos1 * cos2 * sinL) / sin;
    const cosSq = 1 - sinAlpha ** 2;
    const cos2m = cosSq < 1e-15 ? 0 : cos - (2 * sin1 * sin2) / cosSq;
    const c = (F / 16) * cosSq * (4 + F * (4 - 3 * cosSq));
    const next = l + (1 - c) * F * sinAlpha
      * (sigma + c * sin * (cos2m + c * cos * (-1 + 2 * cos2m ** 2)));
    if (Math.abs(next - lambda) < CLOSE) {
      const { a, b } = series(cosSq);
      return {
        distance_m: B_M * a * (sigma - deltaSigma(b, sin, cos, cos2m)),
        azimuth_deg: (deg(Math.atan2(east, north)) + 360) % 360,
      };
    }
    lambda = next;
  }
  return null;
}

/** The position at a distance along an azimuth. */
export function direct(from: LonLat, azimuth_deg: number, distance_m: number): LonLat {
  const alpha = rad(azimuth_deg);
  const u1 = Math.atan((1 - F) * Math.tan(rad(from[1])));
  const [sin1, cos1] = [Math.sin(u1), Math.cos(u1)];
  const sigma1 = Math.atan2(Math.tan(u1), Math.cos(alpha));
  const sinAlpha = cos1 * Math.sin(alpha);
  const cosSq = 1 - sinAlpha ** 2;
  const { a, b } = series(cosSq);
  let sigma = distance_m / (B_M * a);
  let cos2m = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    cos2m = Math.cos(2 * sigma1 + sigma);
    const next = distance_m / (B_M * a) + deltaSigma(b, Math.sin(sigma), Math.cos(sigma), cos2m);
    if (Math.abs(next - sigma) < CLOSE) break;
    sigma = next;
  }
  const [sin, cos] = [Math.sin(sigma), Math.cos(sigma)];
  const lat = Math.atan2(
    sin1 * cos + cos1 * sin * Math.cos(alpha),
    (1 - F) * Math.hypot(sinAlpha, sin1 * sin - cos1 * cos * Math.cos(alpha)),
  );
  const lambda = Math.atan2(sin * Math.sin(alpha), cos1 * cos - sin1 * sin * Math.cos(alpha));
  const c = (F / 16) * cosSq * (4 + F * (4 - 3 * cosSq));
  const l = lambda - (1 - c) * F * sinAlpha
    * (sigma + c * sin * (cos2m + c * cos * (-1 + 2 * cos2m ** 2)));
  return [from[0] + deg(l), deg(lat)];
}

/** The length of a path along geodesics. */
export function pathLength(path: readonly LonLat[]): number {
  return path.slice(1).reduce((sum, to, index) => {
    const from = path[index];
    return sum + (from === undefined ? 0 : (inverse(from, to)?.distance_m ?? NaN));
  }, 0);
}

const LONGEST_M = 5000;

/** Positions along the geodesic, none farther than 5 km from the next; without the last. */
function densified(from: LonLat, to: LonLat): LonLat[] {
  const line = inverse(from, to);
  if (line === null || line.distance_m === 0) return [from];
  const count = Math.min(Math.ceil(line.distance_m / LONGEST_M), 1000);
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? from : direct(from, line.azimuth_deg, (line.distance_m * index) / count),
  );
}

function q(lat: number): number {
  const sin = Math.sin(rad(lat));
  return (1 - E2) * (sin / (1 - E2 * sin ** 2) + Math.atanh(E * sin) / E);
}

/** The area within a ring of geodesics, in square metres; the ring closes itself. */
export function ringArea(ring: readonly LonLat[]): number {
  const path = ring.flatMap((from, index) => densified(from, ring[(index + 1) % ring.length] ?? from));
  // On the cylinder of equal area x is the longitude, y is q: a plane polygon of the same size.
  let twice = 0;
  path.forEach((one, index) => {
    const other = path[(index + 1) % path.length] ?? one;
    twice += rad(other[0] - one[0]) * (q(one[1]) + q(other[1]));
  });
  return Math.abs(twice / 2) * (A_M ** 2 / 2);
}

/** Krüger's coefficients from the sphere to the plane. */
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4 - (127 / 288) * N ** 5,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4 + (281 / 630) * N ** 5,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4 + (15061 / 26880) * N ** 5,
  (49561 / 161280) * N ** 4 - (179 / 168) * N ** 5,
  (34729 / 80640) * N ** 5,
] as const;
const RECTIFYING_M = (A_M / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64 + N ** 6 / 256);
const FALSE_EAST_M = 500_000;

interface Plane {
  /** Zone number of three degrees, and its central meridian. */
  readonly zone: number;
  readonly meridian_deg: number;
  /** X of Chinese survey tables is north, Y is east, with the zone before it. */
  readonly x_north_m: number;
  readonly y_east_m: number;
}

/** Gauss-Krüger coordinates in the three-degree zone that a longitude lies in. */
export function gaussKruger([lon, lat]: LonLat): Plane {
  const zone = Math.round(lon / 3);
  const meridian_deg = zone * 3;
  const phi = rad(lat);
  const lambda = rad(lon - meridian_deg);
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - E * Math.atanh(E * Math.sin(phi)));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)));
  let [north, east] = [xi, eta];
  ALPHA.forEach((alpha, index) => {
    const k = 2 * (index + 1);
    north += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
    east += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return {
    zone,
    meridian_deg,
    x_north_m: RECTIFYING_M * north,
    y_east_m: zone * 1e6 + FALSE_EAST_M + RECTIFYING_M * east,
  };
}

/** The position some metres east and north of another, for vectors far smaller than the Earth. */
export function shifted(from: LonLat, east_m: number, north_m: number): LonLat {
  const azimuth = (deg(Math.atan2(east_m, north_m)) + 360) % 360;
  return direct(from, azimuth, Math.hypot(east_m, north_m));
}
