import { readdir, readFile, readlink } from 'node:fs/promises'

/** NETLINK_NETFILTER (linux/netlink.h) and the bit of its group NFNLGRP_NFTABLES (linux/netfilter/nfnetlink.h). */
const NETFILTER = '12'
const NFTABLES_GROUP = 1 << 6

/** Does the process hear of commits to the ruleset by now? Undefined when /proc does not tell. */
export async function isSubscribed(pid: number): Promise<boolean | undefined> {
  try {
    const folder = `/proc/${pid}/fd`
    const links = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')))
    const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]))
    const table = await readFile(`/proc/${pid}/net/netlink`, 'utf8')
    return table.split('\n').some((line) => {
      const [, protocol, , groups = '0', , , , , , inode] = line.trim().split(/\s+/)
      return protocol === NETFILTER && inodes.has(inode) && (Number.parseInt(groups, 16) & NFTABLES_GROUP) !== 0
    })
  } catch {
    return undefined
  }
}
