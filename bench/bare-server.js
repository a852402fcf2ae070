// The floor for starting up and for answering: node:http with the same encrypted database open, and nothing else.
// node bare-server.js <port> <database file> <key as hex>
import { createServer } from 'node:http'
import SqliteDatabase from 'better-sqlite3-multiple-ciphers'

const [port, file, key] = process.argv.slice(2)
const database = new SqliteDatabase(file)
database.pragma(`cipher='sqlcipher'`)
database.pragma('legacy=4')
database.pragma(`key="x'${key}'"`)
database.pragma('journal_mode = WAL')
database.prepare('select count(*) from sqlite_master').get()

createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{"status":"ok","version":"0"}')
}).listen(Number(port), '127.0.0.1')
