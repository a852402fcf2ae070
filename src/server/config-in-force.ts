import type { Config } from './config.ts'
import { SETTINGS, type SettingName } from './config-settings.ts'

/** Of what agents get: where their requests go and with what credentials. Paths, terminals and languages say nothing of that. */
const TELLING =
  /^(?:ANTHROPIC|CLAUDE|AWS|VERTEX|OPENAI|CODEX|GEMINI|GOOGLE|AZURE|OPENROUTER)_|_proxy$|^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_|REQUESTS_CA_)/i

/**
 * Every setting with its value as text, by the name of its variable, defaults included; also the variables that agents
 * get and that decide where their requests go. Holds secrets: for comparing, never for showing.
 */
export function settingsInForce(config: Config): Record<string, string> {
  const own = namesOf(SETTINGS).map((name): [string, string] => [SETTINGS[name].variable, JSON.stringify(config[name])])
  const agents = Object.entries(config.agentEnvironment).filter(([name]) => TELLING.test(name))
  return Object.fromEntries([...agents, ...own])
}

function namesOf(settings: Readonly<Record<SettingName, unknown>>): SettingName[] {
  const isName = (name: string): name is SettingName => Object.hasOwn(settings, name)
  return Object.keys(settings).filter(isName)
}
