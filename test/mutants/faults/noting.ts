import type { Fault } from '../fault.ts'

/** In what the agent keeps of packets that the kernel has noted. */
export const NOTING: readonly Fault[] = [
  {
    fault: 'an address that nobody has was never anybody’s',
    law: 'noted packets have owners',
    room: 'src/agent',
    file: 'address-history.ts',
    find: 'return owner ?? former.pod',
    replace: 'return owner',
  },
  {
    fault: 'all pods that had an address are one',
    law: 'noted packets have owners',
    room: 'src/agent',
    file: 'flow-book.ts',
    find: 'ownerKey(then) !== ownerKey(now)',
    replace: 'false',
  },
  {
    fault: 'each reading counts all that the kernel has counted',
    law: 'noted packets have owners',
    room: 'src/agent',
    file: 'flow-book.ts',
    find: 'countedSince(counted?.packets, flow.packets)',
    replace: 'flow.packets',
  },
  {
    fault: 'a table that is built anew counts on',
    law: 'noted packets have owners',
    room: 'src/agent',
    file: 'flow-book.ts',
    find: '        counts[fate].clear()\n',
    replace: '',
  },
  {
    fault: 'what was taken out of the kernel is still counted from where it was',
    law: 'noted packets have owners',
    room: 'src/agent',
    file: 'flow-book.ts',
    find: '        counts[fate].delete(key)\n',
    replace: '',
  },
]
