/** What a client may know of every tool: it changes nothing, here or elsewhere. */
export const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
