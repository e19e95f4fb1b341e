import type { Fault } from '../fault.ts'

/** What people's questions are answered by. */
export const ASKING: readonly Fault[] = [
  {
    fault: 'an answer ignores one direction',
    law: 'explain is oracle',
    file: 'explain/explain-connection.ts',
    find: 'allowed: unjudged || verdict.allowed,',
    replace: 'allowed: unjudged || verdict.ingress.allowed,',
  },
  {
    fault: 'every node is a pod’s own',
    law: 'explain is oracle',
    file: 'cluster/own-node.ts',
    find: 'return node !== undefined && connectsFrom(node, address)',
    replace: 'return [...nodes.values()].some((one) => connectsFrom(one, address))',
  },
  {
    fault: 'the bridge of a node is not the node',
    law: 'explain is oracle',
    file: 'cluster/node.ts',
    find: '[addresses, tunnelAddresses, bridgeAddresses].some(',
    replace: '[addresses, tunnelAddresses].some(',
  },
  {
    fault: 'a rule is cited for a pod that reaches its own node',
    law: 'explain is oracle',
    file: 'explain/explain-connection.ts',
    find: 'grantedBy: allowed && !unjudged ?',
    replace: 'grantedBy: allowed ?',
  },
  {
    fault: 'a node port leads to the number that was dialled',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/legs-through-door.ts',
    find: 'if (mayBeHere) legs.push({ from, to, transport, family })',
    replace: 'if (mayBeHere) legs.push({ from, to, transport: door.transport, family })',
  },
  {
    fault: 'a node port keeps the client’s address wherever it leads',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/legs-through-door.ts',
    find: 'const mayBeHere = home === undefined || home === node',
    replace: 'const mayBeHere = true || home === node',
  },
  {
    fault: 'what is forwarded is asked for one backend of Flannel',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/legs-through-door.ts',
    find: '? [...tunnel, ...own]',
    replace: '? [...own]',
  },
  {
    fault: 'a pod’s egress does not see the other node that it dials',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/legs-through-door.ts',
    find: 'legs: [...dialled, ...legs]',
    replace: 'legs',
  },
  {
    fault: 'externalTrafficPolicy: Local is not read',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/node-door.ts',
    find: "service.externalTrafficPolicy === 'Local' ? 'here' : 'everywhere'",
    replace: "service.type === 'ClusterIP' ? 'here' : 'everywhere'",
  },
  {
    fault: 'a node port of one family leads to pods of the other',
    law: 'explain sees what hooks see of a node port',
    file: 'explain/node-door.ts',
    find: 'const targets = behind.list.filter(({ site }) => hasFamily(site, asked.address.family))',
    replace: 'const targets = behind.list',
  },
]
