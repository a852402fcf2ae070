/** The rounds (as an exponent of two) of a bcrypt hash; null for anything else. */
export function costOf(stored: string | null): number | null {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored ?? '')?.[1]
  return cost === undefined ? null : Number(cost)
}
