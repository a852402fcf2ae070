/** The part of a structured logger that an adapter uses. */
export interface AdapterLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
