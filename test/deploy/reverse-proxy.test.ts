import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, type TestContext } from 'vitest'
import { TokenResponse } from '#protocol/auth'
import { Login } from '#protocol/logins'
import { pageOf } from '#protocol/lists'
import { DEVICES, launchBrowser, openTab } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'
import { checkNginx, HOST, type Proxy, startCaddy, startNginx } from '../support/reverse-proxy.ts'
import { allowOnce, createOwner, PASSWORD, signIn, startSession } from '../support/steps.ts'
import { askProxy, UPGRADE } from '../support/tls-client.ts'
import { eventually } from '../support/within.ts'

/*
 * The product behind the real nginx and the real Caddy with the files of deploy/, under a host name of its own and below a
 * path of a shared one.
 */

const SECRET = 'eyJ.never-in-a-log.x'
const BEHIND = { TRUST_PROXY: '127.0.0.1', ALLOWED_HOSTS: HOST }

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser(afterAll, { args: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`] })
})

interface Stage {
  proxy: Proxy
  setupCode: string
  stopProduct: () => Promise<void>
}

const PROXIES = [
  { name: 'nginx', basePath: '', start: startNginx, layout: 'own-name' },
  { name: 'nginx below a path', basePath: '/code', start: startNginx, layout: 'sub-path' },
  { name: 'Caddy', basePath: '', start: startCaddy, layout: 'own-name' },
] as const

async function setup({ basePath, start, layout }: (typeof PROXIES)[number], skip: TestContext['skip']): Promise<Stage> {
  const environment = { ...BEHIND, ...(basePath === '' ? {} : { BASE_PATH: basePath }) }
  const product = await startProduct({ environment })
  expect(new URL(product.url).pathname.replace(/\/$/, '')).toBe(basePath)
  const upstream = Number(new URL(product.url).port)
  const proxy = await start({ upstream, skip, onEnd: onTestFinished }, layout)
  const setupCode = new URLSearchParams(new URL(product.setupLink ?? '').hash.slice(1)).get('setup') ?? ''
  return { proxy, setupCode, stopProduct: () => product.stop() }
}

/** The certificate is one of the test's own. */
const TRUSTING = { ...DEVICES[0], options: { ...DEVICES[0].options, ignoreHTTPSErrors: true } }

describe('PROXY-015: the shipped files are taken by', () => {
  test.for(['own-name', 'sub-path'] as const)('nginx, %s', async (layout, { skip }) => {
    const { exitCode, output } = await checkNginx(skip, onTestFinished, layout)
    expect(output).toContain('syntax is ok')
    expect(output).not.toMatch(/\[(warn|emerg|error)\]/)
    expect(exitCode).toBe(0)
  })
})

describe.each(PROXIES)('behind $name', (wanted) => {
  const { basePath } = wanted

  test('PROXY-013: a person makes an account, follows a session live, allows a call, invites somebody, leaves and comes back', async ({
    skip,
  }) => {
    const { proxy, setupCode } = await setup(wanted, skip)
    const home = `${proxy.origin}${basePath}`
    const { page, context } = await openTab(browser, TRUSTING, /401 \(Unauthorized\)/)
    const asked: URL[] = []
    page.on('request', (request) => asked.push(new URL(request.url())))
    page.on('websocket', (socket) => asked.push(new URL(socket.url())))

    await createOwner(page, `${home}/#setup=${setupCode}`)
    await startSession(page, 'Fix the failing test')
    expect(page.url().startsWith(`${home}/sessions/`)).toBe(true)
    await page.getByRole('heading', { name: 'Run a command' }).waitFor()
    await allowOnce(page)
    await page.getByRole('heading', { name: 'Change a file' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Change a file' }).waitFor()

    const cookies = (await context.cookies()).map(({ name, path, secure, sameSite }) => [
      name.replace(/_[^_]+$/, ''),
      path,
      secure,
      sameSite,
    ])
    expect(cookies.sort()).toEqual([
      ['acu_device', `${basePath}/api/auth`, true, 'Strict'],
      ['acu_refresh', `${basePath}/api/auth`, true, 'Strict'],
      ['acu_signed_in', basePath === '' ? '/' : basePath, true, 'Strict'],
    ])

    await page.goto(`${home}/users`)
    await page
      .getByRole('button', { name: /invite/i })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('button', { name: /invit|link/i })
      .last()
      .click()
    const confirm = page.getByRole('dialog').getByLabel('Password', { exact: true })
    await confirm.waitFor({ timeout: 2000 }).then(
      async () => {
        await confirm.fill(PASSWORD)
        await page.keyboard.press('Enter')
      },
      () => {},
    )
    const link = await eventually('the link of the invitation', async () => {
      const texts = await page
        .getByRole('dialog')
        .locator('input, code, output, p')
        .evaluateAll((nodes) => nodes.map((node) => (node instanceof HTMLInputElement ? node.value : node.textContent)))
      return texts.map((text) => /https:\S+#invite=\S+/.exec(text)?.[0]).find((found) => found !== undefined)
    })
    expect(link.startsWith(`${home}/#invite=`)).toBe(true)

    await context.clearCookies()
    await page.goto(link)
    await page.getByText('ada', { exact: false }).first().waitFor()
    await page.goto(`${home}/sign-in`)
    await signIn(page)
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`${basePath}/`)

    expect(asked.filter(({ pathname }) => !pathname.startsWith(`${basePath}/`))).toEqual([])
    expect(asked.filter(({ protocol, pathname }) => protocol === 'wss:' && pathname === `${basePath}/ws`).length).toBeGreaterThan(0)
    expect(await proxy.logs()).not.toMatch(/ticket=|token=|[?]/)
  })

  test('PROXY-007: the address of a login is the one that connected, whatever it says of itself; the answer is as over TLS', async ({
    skip,
  }) => {
    const { proxy, setupCode } = await setup(wanted, skip)
    const lies = {
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9;host=evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
    }
    const body = { username: 'ada', password: PASSWORD, setupCode }
    const origin = { origin: proxy.origin }
    const answer = await askProxy(proxy.port, {
      method: 'POST',
      path: `${basePath}/api/auth/register`,
      headers: { ...lies, ...origin },
      body,
      from: '127.0.0.7',
    })

    expect(answer.status).toBe(201)
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/)
    expect(answer.headers['set-cookie']?.every((cookie) => cookie.includes('; Secure'))).toBe(true)
    expect(answer.headers.server ?? '').not.toMatch(/\d/)
    const { token } = TokenResponse.parse(answer.body)
    const logins = await askProxy(proxy.port, { path: `${basePath}/api/auth/logins`, headers: { authorization: `Bearer ${token}` } })
    expect(
      pageOf(Login)
        .parse(logins.body)
        .items.map(({ address }) => address),
    ).toEqual(['127.0.0.7'])
  })

  test('WSH-011, HDR-006: neither a token nor a ticket is in a log, also while the server is away; and what the proxy then says is closed, too', async ({
    skip,
  }) => {
    const { proxy, stopProduct } = await setup(wanted, skip)
    const ask = (path: string) =>
      askProxy(proxy.port, { path: `${basePath}${path}`, headers: { ...UPGRADE, referer: `${proxy.origin}/?${SECRET}` } })
    expect((await ask(`/ws?token=${SECRET}`)).status).toBe(401)
    await stopProduct()
    expect((await ask(`/ws?ticket=${SECRET}`)).status).toBe(502)
    const away = await askProxy(proxy.port, { path: `${basePath}/?code=${SECRET}` })
    expect(away).toMatchObject({ status: 502, body: { code: 'NOT_READY', error: expect.stringContaining('Try again') } })
    expect(away.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
      'content-type': expect.stringContaining('application/json'),
    })

    const logs = await eventually('the log to have all three', async () => {
      const text = await proxy.logs()
      return text.split('\n').filter((line) => line.includes('502')).length >= 2 ? text : null
    })
    expect(logs).toContain(`${basePath}/ws`)
    expect(logs).not.toContain(SECRET)
  })

  test('PROXY-014: in the clear a page is sent to HTTPS and a program is not', async ({ skip }) => {
    const { proxy } = await setup(wanted, skip)
    const page = await askProxy(proxy.plainPort, { path: '/sessions/x', isPlain: true })
    expect(page).toMatchObject({ status: 308 })
    expect(page.headers.location).toMatch(/^https:\/\/code\.example\.org(:\d+)?\/sessions\/x$/)
    if (wanted.name === 'Caddy') return
    expect(await askProxy(proxy.plainPort, { path: '/api/auth/user', isPlain: true })).toMatchObject({ status: 403 })
  })

  test('PROXY-001: a name that is not ours is answered by neither of the two', async ({ skip }) => {
    const { proxy } = await setup(wanted, skip)
    const foreign = connect({ host: '127.0.0.1', port: proxy.port, servername: 'evil.example', rejectUnauthorized: false })
    await expect(once(foreign, 'secureConnect')).rejects.toThrow()
    const posing = await askProxy(proxy.port, { path: `${basePath}/api/auth/status`, headers: { host: 'evil.example' } }).catch(() => ({
      status: 0,
    }))
    expect([0, 403, 421]).toContain(posing.status)
  })

  test('PROXY-015: nothing older than TLS 1.2, and no cipher without forward secrecy', async ({ skip }) => {
    const { proxy } = await setup(wanted, skip)
    const attempt = async (options: object) => {
      const socket = connect({ host: '127.0.0.1', port: proxy.port, servername: HOST, rejectUnauthorized: false, ...options })
      await once(socket, 'secureConnect')
      const found = [socket.getProtocol(), socket.getCipher().name]
      socket.destroy()
      return found
    }
    expect(await attempt({})).toEqual(['TLSv1.3', expect.any(String)])
    expect(await attempt({ maxVersion: 'TLSv1.2' })).toEqual(['TLSv1.2', expect.stringMatching(/^ECDHE-/)])
    await expect(attempt({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })).rejects.toThrow()
    await expect(attempt({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-GCM-SHA384' })).rejects.toThrow()
  })
})
