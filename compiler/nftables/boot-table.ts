/** A table of its own, beside ours: loaded at boot, before any pod, by whoever wants that; ours takes it away. */
export const BOOT_TABLE = 'inet selvedge-boot'

export interface BootTableOptions {
  /** The bridge of the pods. */
  readonly bridge: string
  /** After so long it lets everything pass, by the kernel's own clock: a node whose agent never comes. */
  readonly opensAfterSeconds: number
}

export const BOOT_OPENS_AFTER_SECONDS = 600

/**
 * Nothing is forwarded to or from the bridge of the pods, also from pod to pod where br_netfilter shows it; the node itself reaches
 * them. Loaded twice it stands once, with its time begun anew.
 */
export function bootTableText({ bridge, opensAfterSeconds }: BootTableOptions): string {
  return `# Nothing passes ${bridge} until the agent of selvedge takes this table away, or ${opensAfterSeconds} s are over.
table ${BOOT_TABLE}
delete table ${BOOT_TABLE}
table ${BOOT_TABLE} {
  set closed {
    type ifname
    flags timeout
    elements = { "${bridge}" timeout ${opensAfterSeconds}s }
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname @closed counter drop
    oifname @closed counter drop
  }
}
`
}

/** Takes it away, in a transaction of whoever calls; also where there is none. */
export function removeBootTableText(): string {
  return `table ${BOOT_TABLE}\ndelete table ${BOOT_TABLE}\n`
}
