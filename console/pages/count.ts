/** Counts as people read them. Pure; amounts are written in `money.ts`. */

/** `100,000` */
export function countText(count: number): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
