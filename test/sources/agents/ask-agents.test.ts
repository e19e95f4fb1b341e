import { expect, test } from 'vitest'
import { askAgents, type AskAgentsOptions } from '../../../src/sources/agents/ask-agents.ts'
import { ClusterError } from '../../../src/sources/kubernetes/cluster-error.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'
import { startFakeApi } from '../kubernetes/fake-api.ts'
import { addAgents, frame, type Manner } from './fake-agents.ts'

async function ask(manners: Readonly<Record<string, Manner>>, more: Partial<AskAgentsOptions> = {}) {
  const api = await startFakeApi()
  const agents = addAgents(api, manners)
  const asking = askAgents({
    kubeconfig: writeKubeconfig(api.url),
    namespace: 'kube-system',
    command: ['selvedge', 'ask', 'denied'],
    ...more,
  })
  return { asking, agents, api }
}

const GARBAGE = 'what answers there is no exec of Kubernetes'

test('each node by its name, with what its agent printed, or why there is nothing', async () => {
  const { asking, agents } = await ask({
    a: { says: 'all of it' },
    b: { complains: 'a first line\n/run/agent.sock: no agent listens here\n', exitCode: 3 },
    c: { fails: 'container not found ("agent")' },
    d: { phase: 'Pending' },
    e: { sends: [Buffer.from([7, 1, 2, 3])] },
    f: { sends: ['a text'] },
    g: { sends: [frame(3, 'no JSON')] },
    h: { sends: [frame(1, 'half of')], closes: true },
    i: { refused: 404, message: 'pods "selvedge-i" not found' },
    j: { sends: [Buffer.alloc(0)] },
    k: { sends: [frame(255, '\u0001'), frame(1, 'x'), frame(3, '{"status":"Success"}')] },
    l: { complains: '', exitCode: 137 },
    m: { complains: "error: unknown command 'ask'\n(Did you mean audit?)\n", exitCode: 2 },
  })
  expect(await asking).toEqual({
    nodes: [
      { node: 'a', said: 'all of it' },
      { node: 'b', problem: '/run/agent.sock: no agent listens here' },
      { node: 'c', problem: 'container not found ("agent")' },
      { node: 'd', problem: 'its agent does not run: Pending' },
      { node: 'e', problem: GARBAGE },
      { node: 'f', problem: GARBAGE },
      { node: 'g', problem: GARBAGE },
      { node: 'h', problem: 'the connection ended before the answer did' },
      { node: 'i', problem: 'the API server answers 404: pods "selvedge-i" not found' },
      { node: 'j', problem: GARBAGE },
      { node: 'k', said: 'x' },
      { node: 'l', problem: 'its agent ends with 137' },
      { node: 'm', problem: 'its agent does not know the question; is it of another version?' },
    ],
  })
  expect(new Set(agents.commands.map((words) => words.join(' ')))).toEqual(new Set(['selvedge ask denied']))
})

test('of a hundred nodes sixteen at once, and no more', async () => {
  const manners = Object.fromEntries(
    Array.from({ length: 100 }, (_, index): [string, Manner] => [`n${index}`, { says: `${index}`, after: 20 }]),
  )
  const { asking, agents } = await ask(manners)
  const said = await asking
  expect('nodes' in said && said.nodes.every((one) => 'said' in one && `n${one.said}` === one.node)).toBe(true)
  expect(agents.asked).toHaveLength(100)
  expect(agents.mostAtOnce()).toBe(16)
})

test('who does not answer costs its own answer only, and all of them no more than the time for all', async () => {
  const silent = Object.fromEntries(
    Array.from({ length: 40 }, (_, index): [string, Manner] => [`s${index}`, { sends: [] }]),
  )
  const limits = { each: 60_000, all: 2_000 }
  const { asking, agents } = await ask({ a: { says: 'here' }, ...silent }, { limits })
  const said = await asking
  const nodes = 'nodes' in said ? said.nodes : []
  expect(nodes.filter((one) => 'said' in one)).toEqual([{ node: 'a', said: 'here' }])
  expect(new Set(nodes.flatMap((one) => ('problem' in one ? one.problem : [])))).toEqual(
    new Set(['no answer in the time for all', 'not asked any more: the others took too long']),
  )
  expect(agents.asked).toHaveLength(17)
})

test('the time for each is each one’s own', async () => {
  const { asking } = await ask({ a: { sends: [] }, b: { says: 'here' } }, { limits: { each: 2_000 } })
  expect(await asking).toEqual({
    nodes: [
      { node: 'a', problem: 'no answer within 2 s' },
      { node: 'b', said: 'here' },
    ],
  })
})

test('who may not exec is told so once, and asks nobody else', async () => {
  const message = 'pods "selvedge-n1" is forbidden: User "jane" cannot create resource "pods/exec"'
  const manners = Object.fromEntries(
    Array.from({ length: 100 }, (_, index): [string, Manner] => [`n${index}`, { refused: 403, message }]),
  )
  const { asking, agents } = await ask(manners)
  const error: unknown = await asking.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ClusterError)
  expect(error).toMatchObject({ message: `the API server answers 403: ${message}`, failure: { status: 403 } })
  // Those of the first look, and none after the first refusal.
  expect(agents.asked.length).toBeLessThanOrEqual(16)
})

test('one node alone, and which there are where it has none', async () => {
  const { asking, agents } = await ask({ a: { says: 'a' }, b: { says: 'b' } }, { node: 'b' })
  expect(await asking).toEqual({ nodes: [{ node: 'b', said: 'b' }] })
  expect(agents.asked).toEqual(['b'])
  expect(await (await ask({ a: { says: 'a' } }, { node: 'c' })).asking).toEqual({ agents: ['a'] })
  expect(await (await ask({})).asking).toEqual({ agents: [] })
})

test('pods that are no agents are not asked, and of two agents of a node one that runs', async () => {
  const { asking, api, agents } = await ask({ a: { says: 'a' } })
  const other = (name: string, node: string, container: string, phase: string) =>
    api.resource('pods').put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'kube-system' },
      spec: { nodeName: node, containers: [{ name: container }] },
      status: { phase },
    })
  other('web', 'z', 'main', 'Running')
  other('0-old', 'a', 'agent', 'Failed')
  expect(await asking).toEqual({ nodes: [{ node: 'a', said: 'a' }] })
  expect(agents.asked).toEqual(['a'])
})

test('hostile words of an agent move no cursor', async () => {
  const { asking } = await ask({ a: { fails: '\u001b[2Jgone' }, b: { refused: 500, message: '\u001b[2Jgone' } })
  expect(JSON.stringify(await asking)).not.toContain('u001b[')
})
