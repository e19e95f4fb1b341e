import type { NamespaceSetup } from './namespace-setup.ts'
import { feed, inParallel } from './parallel-script.ts'

/**
 * The shell script that carries out all setups: three steps, each in every namespace at once, so that building a lab
 * costs a few processes per namespace and no round trip to Node. The failing line of a batch is on stderr.
 */
export function setupScript(setups: readonly NamespaceSetup[]): string {
  const step = (commandsOf: (setup: NamespaceSetup) => readonly string[]): string =>
    inParallel(setups.map((setup) => ({ namespace: setup.namespace, commands: commandsOf(setup) })))
  return [
    'set -u',
    step((setup) => setup.settings.map(([name, value]) => `echo ${value} > /proc/sys/${name}`)),
    step((setup) => feed('ip -batch -', setup.links)),
    step((setup) => [...feed('ip -batch -', setup.configuration), ...feed('bridge -batch -', setup.forwarding)]),
  ].join('\n')
}
