/**
 * What a request costs about, by class; how many of each a minute allows, and at once. Of one user where somebody is
 * signed in, and four times as many of one address (IPv6: one /64), since people share addresses; else of one address.
 */
export const RATE_CLASSES = {
  /** A page with two hundred sessions asks for each of them after a restart. */
  reading: 6000,
  /** Faster than anybody presses, slow enough that a loop of a script is noticed. */
  writing: 1200,
  /** Passwords have delays of their own beside this, by account and network. */
  'sign-in': 300,
  /** Reads much, checks everything or computes for long. */
  costly: 120,
  /** Each may hold a connection and a file for long. */
  uploads: 120,
  /** Pages, their files, and what is public. */
  anonymous: 6000,
  /** What browsers tell by themselves of pages that broke the content security policy. */
  reports: 60,
} as const satisfies Record<string, number>

export type RateClass = keyof typeof RATE_CLASSES

/** Requests a minute by class, where they differ from {@link RATE_CLASSES}. */
export type RateOverrides = Readonly<Partial<Record<RateClass, number>>>

/** Who shares an address are counted together; so many of them go on undisturbed. */
export const USERS_PER_ADDRESS = 4

const MOST_PER_MINUTE = 100_000_000

export function isRateClass(name: string): name is RateClass {
  return Object.hasOwn(RATE_CLASSES, name)
}

/** Reads `reading=6000,costly=60`. @returns null where it is anything else */
export function parseRates(text: string): RateOverrides | null {
  const rates: Partial<Record<RateClass, number>> = {}
  for (const word of text.split(',').map((part) => part.trim())) {
    const [, name = '', figure = ''] = /^([a-z-]+)=(\d{1,9})$/.exec(word) ?? []
    const perMinute = Number(figure)
    if (!isRateClass(name) || perMinute < 1 || perMinute > MOST_PER_MINUTE || Object.hasOwn(rates, name)) return null
    rates[name] = perMinute
  }
  return rates
}
