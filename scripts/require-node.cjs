// Preloaded by the npm scripts, before anything that an older Node cannot read.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    'AI Code UI needs Node 24 or later, and this is Node ' +
      process.versions.node +
      '. Run `npm ci` without `--omit=optional`, which brings Node 24 along, or install it from https://nodejs.org.\n',
  )
  process.exit(78)
}
