import { mkdirSync } from 'node:fs'
import { relative } from 'node:path'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { createLab } from '../lab/create-lab.ts'
import { describeUnavailable } from '../lab/describe-unavailable.ts'
import type { Arrangement } from '../lab/plan.ts'
import { reachabilityVerdict } from './reachability-verdict.ts'
import { DemoError } from './demo-error.ts'
import { openLiveFlow } from './live-flow.ts'
import { createManifestFolder } from './manifest-folder.ts'
import { type NodeAgent, startNodeAgent } from './node-agent.ts'
import { introduction, oneDenial, stepPage, whatAudited, whatNext } from './page.ts'
import { createScreen, type Screen } from './screen.ts'
import { shopFolder } from './shipped-files.ts'
import { readShop } from './shop.ts'
import { firstManifests, stepsOf } from './steps.ts'
import { DENIED, INTERNET, NODES, PODS } from './story.ts'
import { createWitness } from './witness.ts'

/** In the mount namespace that the demo has for itself: it goes with it. */
const FOLDER = '/var/run/selvedge-demo'

/**
 * Plays the story, inside namespaces of its own. Resolves to whether every verdict by packets was the compiler's. Throws
 * DemoError where no lab can be built, LabCommandError when a program of the lab fails.
 */
export async function playDemo(): Promise<boolean> {
  const screen = createScreen()
  const shop = readShop(shopFolder())
  const arrangement = chooseArrangement()
  screen.progress('Building two nodes and their pods')
  mkdirSync(FOLDER, { recursive: true })
  const folder = createManifestFolder(`${FOLDER}/manifests`)
  for (const [name, manifests] of firstManifests(shop)) folder.put(name, manifests)

  await using ending = new AsyncDisposableStack()
  const lab = await createLab({
    arrangement,
    nodes: NODES.map((name) => ({ name })),
    pods: PODS.map(({ name, node, address }) => ({ name, node, addresses: [address] })),
    outside: [INTERNET.address],
  })
  ending.defer(() => lab.close())
  const agents = NODES.map((node) => startNodeAgent({ lab, node, manifests: folder.path, folder: FOLDER }))
  for (const agent of agents) ending.defer(() => agent.stop())
  const inForce = createWait(agents, screen)
  screen.print(introduction(arrangement, screen))
  const flow = await openLiveFlow(lab, inForce(folder.read()))
  const witness = createWitness(lab, flow)

  const steps = stepsOf(shop)
  for (const [number, { title, words, change }] of steps.entries()) {
    screen.progress(`Step ${number} of ${steps.length - 1}`)
    change(folder)
    const objects = folder.read()
    await inForce(objects)
    const seen = await witness.look(title, objects)
    screen.print(stepPage(number, { title, words, ...seen }, screen))
  }

  // The first node has the database, so it is the one that notes what was denied to it.
  const told = async (command: string, words: readonly string[], columns: number): Promise<string> => {
    const { printed, failed } = (await agents[0]?.ask(command, words, columns)) ?? { printed: '', failed: '' }
    if (failed !== '') screen.warn(`${NODES[0]}: ${failed}`)
    return printed
  }
  screen.print(oneDenial(await told('denied', ['--from', DENIED.from, '--to', DENIED.to], screen.width), screen))
  screen.print(whatAudited(await told('audit', [], ANY_WIDTH), screen))
  const { verdicts, differences } = witness
  screen.print(['', ...reachabilityVerdict(verdicts, differences, screen.width)])
  if (differences.length > 0) return false
  screen.print(whatNext(shownPath(shopFolder()), screen))
  return true
}

/** Columns: of a table that shortens no name. */
const ANY_WIDTH = 1000

/** As Flannel has it where the kernel can, else the plainer way. */
function chooseArrangement(): Arrangement {
  if (describeUnavailable('bridged') === undefined) return 'bridged'
  const reason = describeUnavailable('routed')
  if (reason !== undefined) throw new DemoError(reason)
  return 'routed'
}

/**
 * Waits until all agents enforce the objects. An agent that does not get there is reported once, and the story goes on: the
 * packets show what comes of it.
 */
function createWait(
  agents: readonly NodeAgent[],
  screen: Screen,
): (objects: readonly ClusterObject[]) => Promise<void> {
  const told = new Set<string>()
  return async (objects) => {
    await Promise.all(
      agents.map(async (agent) => {
        const reason = await agent.inForce(objects)
        if (reason === undefined || told.has(`${agent.node} ${reason}`)) return
        told.add(`${agent.node} ${reason}`)
        screen.warn(`${agent.node}: ${reason}`)
      }),
    )
  }
}

function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}
