// The package's own types are hidden by its "exports"; its interface is that of better-sqlite3.
declare module 'better-sqlite3-multiple-ciphers' {
  export { default } from 'better-sqlite3'
}
