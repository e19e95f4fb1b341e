import type { Fault } from '../fault.ts'

/** The normal form and its judge. */
export const GRAPH: readonly Fault[] = [
  {
    fault: 'a grant of everything absorbs no port',
    law: 'equal meaning, equal bytes',
    file: 'graph/build-grants.ts',
    find: 'wider[protocol] = unionPeers([anyPeers, peers])',
    replace: 'wider[protocol] = peers',
  },
  {
    fault: 'a name resolves whatever its protocol',
    law: 'graph is oracle',
    file: 'graph/build-grants.ts',
    find: 'ownPorts.find(({ name, protocol }) => name === port.name && protocol === port.protocol)',
    replace: 'ownPorts.find(({ name }) => name === port.name)',
  },
  {
    fault: 'an interval of ports lacks its last one',
    law: 'graph is oracle',
    file: 'graph/sweep-ports.ts',
    find: '({ to }) => to + 1)',
    replace: '({ from, to }) => Math.max(from + 1, to))',
  },
  {
    fault: 'neighbours with equal peers stay apart',
    law: 'neighbours differ',
    file: 'graph/sweep-ports.ts',
    find: 'last.peers === peers && last.to === cut - 1',
    replace: 'last.peers === peers && last.to === cut',
  },
  {
    fault: 'an interval has the peers of the one before it',
    law: 'graph is oracle',
    file: 'graph/sweep-ports.ts',
    find: 'if (changed || peers === undefined)',
    replace: 'if (peers === undefined)',
  },
  {
    fault: 'one peer more is the same union',
    law: 'graph is oracle',
    file: 'graph/peer-sets.ts',
    find: '.sort()',
    replace: '.sort().slice(0, 1)',
  },
  {
    fault: 'the judge swaps the directions of the source',
    law: 'graph is oracle',
    file: 'graph/judge.ts',
    find: "judgeDirection(graph, from?.egress ?? 'open'",
    replace: "judgeDirection(graph, from?.ingress ?? 'open'",
  },
  {
    fault: 'one direction is enough',
    law: 'graph is oracle',
    file: 'graph/judge.ts',
    find: 'allowed: egress.allowed && ingress.allowed,',
    replace: 'allowed: egress.allowed || ingress.allowed,',
  },
]
