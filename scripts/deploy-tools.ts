import { accessSync, constants, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { ROOT, runCommand } from './run-command.ts'

/** What the files under deploy/ are tested with, and the packages of Debian and Ubuntu that hold it. */
const TOOLS = {
  nginx: ['nginx', 'nginx-core'],
  caddy: ['caddy'],
  nft: ['nftables', 'libnftables1', 'libnftnl11', 'libjansson4', 'libedit2', 'libxtables12'],
  'iptables-restore': ['iptables', 'libip4tc2', 'libip6tc2', 'libxtables12', 'libnetfilter-conntrack3', 'libnfnetlink0', 'libnftnl11'],
  'systemd-analyze': ['systemd', 'libsystemd-shared'],
  openssl: ['openssl'],
  unshare: ['util-linux'],
  bwrap: ['bubblewrap'],
} as const

export type DeployTool = keyof typeof TOOLS

/** Unpacked here and not installed: the packages of servers start them, on ports that a contributor may need. */
const UNPACKED = join(ROOT, '.cache', 'deploy-tools')

/** The path of a tool; undefined where there is none. Tools of administrators are not in everybody's PATH. */
export function findDeployTool(tool: DeployTool): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin']
  const unpacked = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(UNPACKED, folder))
  return [...folders.filter((folder) => folder !== ''), ...unpacked].map((folder) => join(folder, tool)).find(isExecutable)
}

/** The environment in which a tool finds its libraries. */
export function deployToolEnvironment(): Record<string, string> {
  if (!existsSync(UNPACKED)) return {}
  const architecture = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const folders = [`usr/lib/${architecture}`, `usr/lib/${architecture}/systemd`, `lib/${architecture}`]
  return { LD_LIBRARY_PATH: folders.map((folder) => join(UNPACKED, folder)).join(':') }
}

/** Unpacks what is missing, where apt can fetch it. Needs no rights and changes nothing of the system. Returns what is still missing. */
export async function ensureDeployTools(): Promise<DeployTool[]> {
  const missing = missingTools()
  if (missing.length === 0 || !existsSync('/usr/bin/apt-get')) return missing
  await mkdir(UNPACKED, { recursive: true })
  const folder = await mkdtemp(join(UNPACKED, 'packages-'))
  for (const name of new Set(missing.flatMap((tool) => TOOLS[tool]))) await unpack(name, folder)
  await rm(folder, { recursive: true, force: true })
  return missingTools()
}

function missingTools(): DeployTool[] {
  const isTool = (name: string): name is DeployTool => Object.hasOwn(TOOLS, name)
  return Object.keys(TOOLS)
    .filter(isTool)
    .filter((tool) => findDeployTool(tool) === undefined)
}

/** Names differ between releases: one that is not there is passed over. */
async function unpack(name: string, folder: string): Promise<void> {
  await runCommand(['sh', '-c', 'cd "$1" && apt-get download -qq "$2"', 'sh', folder, name])
  const packages = (await readdir(folder)).filter((file) => file.startsWith(`${name}_`))
  for (const file of packages) await runCommand(['dpkg-deb', '-x', join(folder, file), UNPACKED])
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
