import { parseArgs } from 'node:util'
import type { Flags } from '../config.ts'

export type Command = { name: 'start'; flags: Flags } | { name: 'version' } | { name: 'help' } | { name: 'mistake'; sentence: string }

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** What the command line asks for; `arguments_` without the executable and the script. */
export function parseCommand(arguments_: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...arguments_], options: OPTIONS, allowPositionals: true })
    if (values.help === true) return { name: 'help' }
    if (values.version === true) return { name: 'version' }
    return commandOf(positionals, {
      ...(values.port === undefined ? {} : { port: values.port }),
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
      ...(values.demo === undefined ? {} : { demo: values.demo }),
    })
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error))
  }
}

function commandOf([name = 'start', ...others]: string[], flags: Flags): Command {
  if (others.length > 0) return mistake(`"${others.join(' ')}" is one word too many`)
  if (name === 'start') return { name, flags }
  if (name === 'version' || name === 'help') return { name }
  return mistake(`"${name}" is not a command of this version`)
}

function mistake(what: string): Command {
  return { name: 'mistake', sentence: `${what.replace(/\.?$/, '.')} See ai-code-ui help.` }
}

export const HELP = `AI Code UI: a web UI for the coding agents on this machine

  ai-code-ui [start] [--port N] [--host H] [--data-dir D] [--demo]
                         run the server; --demo needs no key and no network
  ai-code-ui version     print the version
  ai-code-ui help        print this

Settings come from flags, the environment, .env and config.json in the data folder, in this order.
`
