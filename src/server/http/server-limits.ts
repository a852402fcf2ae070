/** What one connection may cost before any route looks at it. Times in milliseconds. */
export const SERVER_LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 }
