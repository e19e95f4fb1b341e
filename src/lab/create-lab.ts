import { setUpBridged } from './bridged.ts'
import { cleanUpOnExit } from './clean-up-on-exit.ts'
import { type Client, createClient } from './client.ts'
import { countFrames } from './frame-counter.ts'
import type { Lab } from './lab.ts'
import { LabPlanError } from './lab-error.ts'
import { newLabName } from './lab-name.ts'
import { layOut } from './lay-out.ts'
import { addNamespaces, deleteNamespaces, deleteNamespacesSync, enterNamespace } from './namespaces.ts'
import type { NamespaceSetup } from './namespace-setup.ts'
import type { LabPlan } from './plan.ts'
import { createProber } from './prober.ts'
import { setUpRouted } from './routed.ts'
import { mustRun, runCommand } from './run-command.ts'
import { sendFrames } from './send-frames.ts'
import { setupScript } from './setup-script.ts'
import { connect, openSession, serve } from './sockets.ts'
import { sweepLeftovers } from './sweep-leftovers.ts'
import type { Topology } from './topology.ts'
import { setUpFabric, setUpOutside } from './underlay.ts'

/**
 * Builds nodes, pods and the outside as network namespaces, ready for packets. Ask `describeUnavailable` first.
 * Throws LabPlanError for an impossible plan and LabCommandError when the machine refuses; nothing is left then.
 */
export async function createLab(plan: LabPlan): Promise<Lab> {
  const topology = layOut(plan, newLabName())
  await sweepLeftovers()
  const setups = [setUpFabric(topology), setUpOutside(topology), ...setUpCluster(topology)]
  const namespaces = setups.map((setup) => setup.namespace)
  const cancelCleanUp = cleanUpOnExit(() => deleteNamespacesSync(namespaces))
  const remove = async (): Promise<void> => {
    await deleteNamespaces(namespaces)
    cancelCleanUp()
  }
  try {
    await addNamespaces(namespaces)
    await mustRun(['sh', '-s'], { input: setupScript(setups) })
  } catch (error) {
    await remove()
    throw error
  }
  return labOf(topology, remove)
}

function setUpCluster(topology: Topology): NamespaceSetup[] {
  switch (topology.arrangement) {
    case 'bridged':
      return setUpBridged(topology)
    case 'routed':
      return setUpRouted(topology)
  }
}

function labOf(topology: Topology, remove: () => Promise<void>): Lab {
  const { name, arrangement, nodes, pods, outside } = topology
  const running = new Set<() => Promise<void>>()
  let counters = 0
  let closing: Promise<void> | undefined

  const place: Lab['place'] = (placeName) => {
    const found = topology.places.get(placeName)
    if (found === undefined) throw new LabPlanError(`no place of the lab is called ${placeName}`)
    return found
  }
  const command: Lab['command'] = (where, argv) => enterNamespace(place(where).namespace, argv)
  const nft: Lab['nft'] = (where, args, input) =>
    mustRun(command(where, ['nft', ...args]), input === undefined ? {} : { input })
  const clients = new Map<string, Client>()
  const clientAt = (where: string): Client => {
    const { namespace } = place(where)
    const found = clients.get(namespace) ?? createClient(namespace)
    clients.set(namespace, found)
    running.add(found.close)
    return found
  }
  const endWithLab = <Stopping extends { close(): Promise<void> }>(started: Stopping): Stopping => {
    const close = async (): Promise<void> => {
      running.delete(close)
      await started.close()
    }
    running.add(close)
    return { ...started, close }
  }
  const close = (): Promise<void> => {
    closing ??= Promise.all([...running].map((stop) => stop())).then(remove)
    return closing
  }

  return {
    name,
    arrangement,
    nodes,
    pods,
    outside,
    place,
    command,
    exec: (where, argv, options) => runCommand(command(where, argv), options),
    nft,
    loadRuleset: async (node, text) => {
      await nft(node, ['-f', '-'], text)
    },
    probe: createProber(topology),
    sendFrames: (from, frames, device = 'eth0') => sendFrames(place(from).namespace, device, frames),
    received: (where, matcher) => {
      counters += 1
      return countFrames(place(where), matcher, String(counters))
    },
    serve: async (where, options) => endWithLab(await serve(place(where), options)),
    connect: (from, toAddress, port, protocol, options) => connect(clientAt(from), toAddress, port, protocol, options),
    session: async ({ from, ...options }) => openSession(clientAt(from), options),
    close,
    [Symbol.asyncDispose]: close,
  }
}
