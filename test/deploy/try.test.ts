import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { MAIN } from '../cli/run-selvedge.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { type Manifest, manifestsOf } from './render.ts'

const TRY = 'deploy/kustomize/try'
const PATIENCE = 20_000

interface Container {
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

const objectsOf = (file: string) => manifestsOf(readFileSync(join(PROJECT_ROOT, TRY, file), 'utf8'))

function containerOf(name: string): Container {
  const pod = objectsOf('pods.yaml').find(({ kind, metadata }) => kind === 'Pod' && metadata.name === name)
  const spec = pod?.['spec'] as { readonly containers: readonly Container[] } | undefined
  const [container] = spec?.containers ?? []
  if (container === undefined) throw new Error(`${TRY} has no pod ${name}`)
  return container
}

/** What the container runs, run here, with the one variable that it knows the other pod by. */
function start(name: string, env: Readonly<Record<string, string>>) {
  const { command, args } = containerOf(name)
  expect(command[0]).toBe('/usr/bin/node')
  const running = execa(process.execPath, [...command.slice(1), ...args], { env, reject: false })
  onTestFinished(() => void running.nodeChildProcess.kill('SIGKILL'))
  return running
}

/** Lines of `section` of install.md: the files that are applied, and what the client then says. */
const section = readFileSync(join(PROJECT_ROOT, 'docs/install.md'), 'utf8')
  .split(/^## /m)
  .find((one) => one.startsWith('See that it works'))

test('the text applies what is there, and says what explain says of it', async () => {
  const files: string[] = []
  const said: string[] = []
  for (const line of section?.split('\n') ?? []) {
    const [, flag, path] = /^ {4}kubectl apply -([kf]) (\S+)$/.exec(line) ?? []
    if (path !== undefined) files.push('-f', flag === 'k' ? `${path}/pods.yaml` : path)
    const [, expected] = /^ {4}kubectl -n try logs client --tail=1 +# (web answers|no answer)/.exec(line) ?? []
    if (expected === undefined) continue
    said.push(expected)
    const argv = ['explain', 'client', 'svc/web', '80', '-n', 'try', ...files]
    const { exitCode } = await execa(process.execPath, [MAIN, ...argv], { cwd: PROJECT_ROOT, reject: false })
    expect(exitCode, files.join(' ')).toBe(expected === 'web answers' ? 0 : 1)
  }
  expect(said).toEqual(['web answers', 'no answer', 'web answers'])
})

test('every pod of it is of our own image, as the agent’s is', () => {
  const agent = readFileSync(join(PROJECT_ROOT, 'deploy/kustomize/base/daemonset.yaml'), 'utf8')
  const pods = objectsOf('pods.yaml').filter(({ kind }: Manifest) => kind === 'Pod')
  expect(pods.map(({ metadata }) => metadata.name)).toEqual(['web', 'client'])
  for (const { metadata } of pods) expect(agent).toContain(`image: ${containerOf(metadata.name).image}\n`)
  expect(section).not.toMatch(/--image|busybox|nginx/)
})

test('web answers, and the client says what it got: an answer, or none', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => free.once('listening', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  const client = start('client', { TARGET: `http://127.0.0.1:${port}` })
  const heard: string[] = []
  client.stdout.on('data', (data) => heard.push(String(data)))
  await expect.poll(() => heard.at(-1), { timeout: PATIENCE }).toBe('no answer\n')
  const web = start('web', { PORT: String(port) })
  await expect.poll(() => heard.at(-1), { timeout: PATIENCE }).toBe('web answers\n')
  // A server that takes the connection and is silent is what a dropped packet looks like: the client gives up by itself.
  web.nodeChildProcess.kill('SIGSTOP')
  await expect.poll(() => heard.at(-1), { timeout: PATIENCE }).toBe('no answer\n')
  expect(client.nodeChildProcess.exitCode).toBe(null)
})
